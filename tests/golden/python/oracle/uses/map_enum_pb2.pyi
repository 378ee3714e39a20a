from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class A(_message.Message):
    __slots__ = ("x", "y")
    class E(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        Z: _ClassVar[A.E]
    Z: A.E
    class XEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: A.E
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[A.E, str]] = ...) -> None: ...
    class YEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: A
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[A, _Mapping]] = ...) -> None: ...
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    x: _containers.ScalarMap[str, A.E]
    y: _containers.MessageMap[str, A]
    def __init__(self, x: _Optional[_Mapping[str, A.E]] = ..., y: _Optional[_Mapping[str, A]] = ...) -> None: ...
