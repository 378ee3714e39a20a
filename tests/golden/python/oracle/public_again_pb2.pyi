import public_two_pb2 as _public_two_pb2
import importlib
_y_pb2 = importlib.import_module('lambda.x.y_pb2')
import public_names_pb2 as _public_names_pb2
import same_names_pb2 as _same_names_pb2
import public_names_pb2 as _public_names_pb2_1
from x1 import x_pb2 as _x_pb2
import public_chain_pb2 as _public_chain_pb2
import public_two_pb2 as _public_two_pb2_1
import public_names_pb2 as _public_names_pb2_1_1
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TR2(_message.Message):
    __slots__ = ("a", "b", "c", "d")
    A_FIELD_NUMBER: _ClassVar[int]
    B_FIELD_NUMBER: _ClassVar[int]
    C_FIELD_NUMBER: _ClassVar[int]
    D_FIELD_NUMBER: _ClassVar[int]
    a: _public_names_pb2_1_1.PM
    b: _x_pb2.T
    c: _y_pb2.LM
    d: _public_two_pb2_1.TW
    def __init__(self, a: _Optional[_Union[_public_names_pb2_1_1.PM, _Mapping]] = ..., b: _Optional[_Union[_x_pb2.T, _Mapping]] = ..., c: _Optional[_Union[_y_pb2.LM, _Mapping]] = ..., d: _Optional[_Union[_public_two_pb2_1.TW, _Mapping]] = ...) -> None: ...
