from uses import repeated_scalar_pb2 as _repeated_scalar_pb2
from x1 import x_pb2 as _x_pb2
from pub import p_pb2 as _p_pb2
from pub import q_pb2 as _q_pb2
import public_keyword_pb2 as _public_keyword_pb2
import importlib
_def_pb2 = importlib.import_module('class.def_pb2')
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class W(_message.Message):
    __slots__ = ("a", "x", "d")
    A_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    D_FIELD_NUMBER: _ClassVar[int]
    a: _repeated_scalar_pb2.A
    x: _public_keyword_pb2.X
    d: _def_pb2.Def
    def __init__(self, a: _Optional[_Union[_repeated_scalar_pb2.A, _Mapping]] = ..., x: _Optional[_Union[_public_keyword_pb2.X, _Mapping]] = ..., d: _Optional[_Union[_def_pb2.Def, _Mapping]] = ...) -> None: ...
