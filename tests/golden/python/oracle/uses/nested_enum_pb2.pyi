from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class A(_message.Message):
    __slots__ = ("e",)
    class B(_message.Message):
        __slots__ = ()
        class E(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
            __slots__ = ()
            Z: _ClassVar[A.B.E]
        Z: A.B.E
        def __init__(self) -> None: ...
    E_FIELD_NUMBER: _ClassVar[int]
    e: A.B.E
    def __init__(self, e: _Optional[_Union[A.B.E, str]] = ...) -> None: ...
