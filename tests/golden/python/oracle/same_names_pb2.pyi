import public_names_pb2 as _public_names_pb2
from x1 import x_pb2 as _x_pb2
from x2 import x_pb2 as _x_pb2_1
from deep.a.b import x_pb2 as _x_pb2_1_1
import x_pb2 as _x_pb2_1_1_1
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union
from public_names_pb2 import PM as PM
from public_names_pb2 import lambda as lambda
from public_names_pb2 import PE as PE
from public_names_pb2 import pass as pass
from x1.x_pb2 import T as T

DESCRIPTOR: _descriptor.FileDescriptor
PEXT_FIELD_NUMBER: _ClassVar[int]
pext: _descriptor.FieldDescriptor
CLASS_FIELD_NUMBER: _ClassVar[int]
class: _descriptor.FieldDescriptor
PE_A: _public_names_pb2.PE
import: _public_names_pb2.PE
PE_B: _public_names_pb2.globals()['pass']

class X(_message.Message):
    __slots__ = ("a", "b", "c", "d", "e", "l", "i")
    A_FIELD_NUMBER: _ClassVar[int]
    B_FIELD_NUMBER: _ClassVar[int]
    C_FIELD_NUMBER: _ClassVar[int]
    D_FIELD_NUMBER: _ClassVar[int]
    E_FIELD_NUMBER: _ClassVar[int]
    L_FIELD_NUMBER: _ClassVar[int]
    I_FIELD_NUMBER: _ClassVar[int]
    a: _x_pb2.T
    b: _x_pb2_1.T
    c: _x_pb2_1_1.T
    d: _x_pb2_1_1_1.T
    e: _public_names_pb2.globals()['pass']
    l: _public_names_pb2.globals()['lambda']
    i: _public_names_pb2.PM.In
    def __init__(self, a: _Optional[_Union[_x_pb2.T, _Mapping]] = ..., b: _Optional[_Union[_x_pb2_1.T, _Mapping]] = ..., c: _Optional[_Union[_x_pb2_1_1.T, _Mapping]] = ..., d: _Optional[_Union[_x_pb2_1_1_1.T, _Mapping]] = ..., e: _Optional[_Union[_public_names_pb2.globals()['pass'], str]] = ..., l: _Optional[_Union[_public_names_pb2.globals()['lambda'], _Mapping]] = ..., i: _Optional[_Union[_public_names_pb2.PM.In, _Mapping]] = ...) -> None: ...
