from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class N(_message.Message):
    __slots__ = ("x", "y", "z", "d", "e", "f", "b", "u", "i")
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    Z_FIELD_NUMBER: _ClassVar[int]
    D_FIELD_NUMBER: _ClassVar[int]
    E_FIELD_NUMBER: _ClassVar[int]
    F_FIELD_NUMBER: _ClassVar[int]
    B_FIELD_NUMBER: _ClassVar[int]
    U_FIELD_NUMBER: _ClassVar[int]
    I_FIELD_NUMBER: _ClassVar[int]
    x: int
    y: str
    z: bytes
    d: float
    e: float
    f: float
    b: bool
    u: int
    i: int
    def __init__(self, x: _Optional[int] = ..., y: _Optional[str] = ..., z: _Optional[bytes] = ..., d: _Optional[float] = ..., e: _Optional[float] = ..., f: _Optional[float] = ..., b: _Optional[bool] = ..., u: _Optional[int] = ..., i: _Optional[int] = ...) -> None: ...
