from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf.internal import python_message as _python_message
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
Q_FIELD_NUMBER: _ClassVar[int]
q: _descriptor.FieldDescriptor

class M(_message.Message):
    __slots__ = ("s", "a")
    Extensions: _python_message._ExtensionDict
    class EE(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        X: _ClassVar[M.EE]
    X: M.EE
    class A(_message.Message):
        __slots__ = ("x",)
        X_FIELD_NUMBER: _ClassVar[int]
        x: int
        def __init__(self, x: _Optional[int] = ...) -> None: ...
    S_FIELD_NUMBER: _ClassVar[int]
    A_FIELD_NUMBER: _ClassVar[int]
    s: str
    a: M.A
    def __init__(self, s: _Optional[str] = ..., a: _Optional[_Union[M.A, _Mapping]] = ...) -> None: ...
