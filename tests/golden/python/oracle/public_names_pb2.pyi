from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf.internal import python_message as _python_message
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class PE(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PE_A: _ClassVar[PE]
    import: _ClassVar[PE]

class pass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PE_B: _ClassVar[globals()['pass']]
PE_A: PE
import: PE
PE_B: globals()['pass']
PEXT_FIELD_NUMBER: _ClassVar[int]
pext: _descriptor.FieldDescriptor
CLASS_FIELD_NUMBER: _ClassVar[int]
class: _descriptor.FieldDescriptor

class PM(_message.Message):
    __slots__ = ()
    Extensions: _python_message._ExtensionDict
    class In(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    def __init__(self) -> None: ...

class lambda(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
