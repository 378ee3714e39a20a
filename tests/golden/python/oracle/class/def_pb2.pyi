from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class E(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    A: _ClassVar[E]
    B: _ClassVar[E]
    C: _ClassVar[E]
A: E
B: E
C: E

class Def(_message.Message):
    __slots__ = ("a", "b", "e", "e1")
    A_FIELD_NUMBER: _ClassVar[int]
    B_FIELD_NUMBER: _ClassVar[int]
    E_FIELD_NUMBER: _ClassVar[int]
    E1_FIELD_NUMBER: _ClassVar[int]
    a: int
    b: int
    e: _containers.RepeatedScalarFieldContainer[E]
    e1: E
    def __init__(self, a: _Optional[int] = ..., b: _Optional[int] = ..., e: _Optional[_Iterable[_Union[E, str]]] = ..., e1: _Optional[_Union[E, str]] = ...) -> None: ...
