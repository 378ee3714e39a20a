from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf.internal import python_message as _python_message
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from google.protobuf import service as _service
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class LE(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LA: _ClassVar[LE]
    LB: _ClassVar[LE]
LA: LE
LB: LE
LEXT_FIELD_NUMBER: _ClassVar[int]
lext: _descriptor.FieldDescriptor

class LM(_message.Message):
    __slots__ = ()
    Extensions: _python_message._ExtensionDict
    def __init__(self) -> None: ...

class LS(_service.service): ...

class LS_Stub(LS): ...
