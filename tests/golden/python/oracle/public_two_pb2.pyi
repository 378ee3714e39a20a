import importlib
_y_pb2 = importlib.import_module('lambda.x.y_pb2')
_def_pb2 = importlib.import_module('class.def_pb2')
import public_names_pb2 as _public_names_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union
from lambda.x.y_pb2 import LM as LM
from lambda.x.y_pb2 import LE as LE
from public_names_pb2 import PM as PM
from public_names_pb2 import lambda as lambda
from public_names_pb2 import PE as PE
from public_names_pb2 import pass as pass

DESCRIPTOR: _descriptor.FileDescriptor
LEXT_FIELD_NUMBER: _ClassVar[int]
lext: _descriptor.FieldDescriptor
LA: _y_pb2.LE
LB: _y_pb2.LE
PEXT_FIELD_NUMBER: _ClassVar[int]
pext: _descriptor.FieldDescriptor
CLASS_FIELD_NUMBER: _ClassVar[int]
class: _descriptor.FieldDescriptor
PE_A: _public_names_pb2.PE
import: _public_names_pb2.PE
PE_B: _public_names_pb2.globals()['pass']

class TW(_message.Message):
    __slots__ = ("m",)
    M_FIELD_NUMBER: _ClassVar[int]
    m: _y_pb2.LM
    def __init__(self, m: _Optional[_Union[_y_pb2.LM, _Mapping]] = ...) -> None: ...
