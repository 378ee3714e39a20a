from uses import repeated_scalar_pb2 as _repeated_scalar_pb2
from x1 import x_pb2 as _x_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union
from x1.x_pb2 import T as T

DESCRIPTOR: _descriptor.FileDescriptor

class LE(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LE_UNKNOWN: _ClassVar[LE]
LE_UNKNOWN: LE

class M(_message.Message):
    __slots__ = ("s", "a")
    class EE(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        X: _ClassVar[M.EE]
    X: M.EE
    class L(_message.Message):
        __slots__ = ("x",)
        X_FIELD_NUMBER: _ClassVar[int]
        x: int
        def __init__(self, x: _Optional[int] = ...) -> None: ...
    S_FIELD_NUMBER: _ClassVar[int]
    A_FIELD_NUMBER: _ClassVar[int]
    s: str
    a: _repeated_scalar_pb2.A
    def __init__(self, s: _Optional[str] = ..., a: _Optional[_Union[_repeated_scalar_pb2.A, _Mapping]] = ...) -> None: ...
