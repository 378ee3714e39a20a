from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class int(_message.Message):
    __slots__ = ("int", "str", "float", "strs")
    INT_FIELD_NUMBER: _ClassVar[int]
    STR_FIELD_NUMBER: _ClassVar[int]
    FLOAT_FIELD_NUMBER: _ClassVar[int]
    STRS_FIELD_NUMBER: _ClassVar[int]
    int: int
    str: str
    float: int
    strs: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, int: _Optional[int] = ..., str: _Optional[str] = ..., float: _Optional[_Union[int, _Mapping]] = ..., strs: _Optional[_Iterable[str]] = ...) -> None: ...

class str(_message.Message):
    __slots__ = ("bool", "bytes", "property")
    class E(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        object: _ClassVar[str.E]
        str: _ClassVar[str.E]
    object: str.E
    str: str.E
    BOOL_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_FIELD_NUMBER: _ClassVar[int]
    bool: bool
    bytes: bytes
    property: str.E
    def __init__(self, bool: _Optional[bool] = ..., bytes: _Optional[bytes] = ..., property: _Optional[_Union[str.E, str]] = ...) -> None: ...
