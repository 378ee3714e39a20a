from google.protobuf.internal import python_message as _python_message
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class A(_message.Message):
    __slots__ = ()
    Extensions: _python_message._ExtensionDict
    class B(_message.Message):
        __slots__ = ()
        Extensions: _python_message._ExtensionDict
        E_FIELD_NUMBER: _ClassVar[int]
        e: _descriptor.FieldDescriptor
        def __init__(self) -> None: ...
    def __init__(self) -> None: ...
