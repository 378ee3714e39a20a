from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class A(_message.Message):
    __slots__ = ("x",)
    class E(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        Z: _ClassVar[A.E]
    Z: A.E
    X_FIELD_NUMBER: _ClassVar[int]
    x: _containers.RepeatedScalarFieldContainer[A.E]
    def __init__(self, x: _Optional[_Iterable[_Union[A.E, str]]] = ...) -> None: ...
