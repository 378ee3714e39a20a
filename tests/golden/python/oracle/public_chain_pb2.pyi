import public_two_pb2 as _public_two_pb2
import importlib
_y_pb2 = importlib.import_module('lambda.x.y_pb2')
import public_names_pb2 as _public_names_pb2
import same_names_pb2 as _same_names_pb2
import public_names_pb2 as _public_names_pb2_1
from x1 import x_pb2 as _x_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar
from public_two_pb2 import TW as TW

DESCRIPTOR: _descriptor.FileDescriptor

class foo_Bar(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    xx: _ClassVar[foo_Bar]
xx: foo_Bar

class TR(_message.Message):
    __slots__ = ()
    IN_FIELD_NUMBER: _ClassVar[int]
    in: _descriptor.FieldDescriptor
    FOO_BAR_FIELD_NUMBER: _ClassVar[int]
    foo_Bar: _descriptor.FieldDescriptor
    ZZ_FIELD_NUMBER: _ClassVar[int]
    zz: _descriptor.FieldDescriptor
    def __init__(self) -> None: ...
