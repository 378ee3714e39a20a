from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf.internal import python_message as _python_message
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Negative(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MINUS: _ClassVar[Negative]
    ZERO: _ClassVar[Negative]
MINUS: Negative
ZERO: Negative

class Outer_message(_message.Message):
    __slots__ = ("choice_group", "again", "text")
    class Choice_group(_message.Message):
        __slots__ = ("b",)
        B_FIELD_NUMBER: _ClassVar[int]
        b: bytes
        def __init__(self, b: _Optional[bytes] = ...) -> None: ...
    class Set(_message.Message):
        __slots__ = ()
        Extensions: _python_message._ExtensionDict
        def __init__(self) -> None: ...
    class Item(_message.Message):
        __slots__ = ("numbers", "f")
        ITEM_FIELD_NUMBER: _ClassVar[int]
        item: _descriptor.FieldDescriptor
        NUMBERS_FIELD_NUMBER: _ClassVar[int]
        F_FIELD_NUMBER: _ClassVar[int]
        numbers: _containers.RepeatedScalarFieldContainer[int]
        f: int
        def __init__(self, numbers: _Optional[_Iterable[int]] = ..., f: _Optional[int] = ...) -> None: ...
    CHOICE_GROUP_FIELD_NUMBER: _ClassVar[int]
    AGAIN_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    choice_group: Outer_message.Choice_group
    again: Outer_message
    text: str
    def __init__(self, choice_group: _Optional[_Union[Outer_message.Choice_group, _Mapping]] = ..., again: _Optional[_Union[Outer_message, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...
