from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
MO_FIELD_NUMBER: _ClassVar[int]
mo: _descriptor.FieldDescriptor

class Q(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
