from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class E(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    Z: _ClassVar[E]
Z: E

class A(_message.Message):
    __slots__ = ("Q", "m")
    class In(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    class MEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    Q_FIELD_NUMBER: _ClassVar[int]
    M_FIELD_NUMBER: _ClassVar[int]
    Q: int
    m: _containers.ScalarMap[str, str]
    def __init__(self, Q: _Optional[int] = ..., m: _Optional[_Mapping[str, str]] = ...) -> None: ...

class B(_message.Message):
    __slots__ = ("m",)
    class In(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    class MEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    M_FIELD_NUMBER: _ClassVar[int]
    m: _containers.ScalarMap[str, str]
    def __init__(self, m: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Q(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
