from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf.internal import python_message as _python_message
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from google.protobuf import service as _service
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Top(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    T0: _ClassVar[Top]
    T1: _ClassVar[Top]
T0: Top
T1: Top
FO_FIELD_NUMBER: _ClassVar[int]
fo: _descriptor.FieldDescriptor
MO_FIELD_NUMBER: _ClassVar[int]
mo: _descriptor.FieldDescriptor
FL_FIELD_NUMBER: _ClassVar[int]
fl: _descriptor.FieldDescriptor
OO_FIELD_NUMBER: _ClassVar[int]
oo: _descriptor.FieldDescriptor
EO_FIELD_NUMBER: _ClassVar[int]
eo: _descriptor.FieldDescriptor
EV_FIELD_NUMBER: _ClassVar[int]
ev: _descriptor.FieldDescriptor
SO_FIELD_NUMBER: _ClassVar[int]
so: _descriptor.FieldDescriptor
ME_FIELD_NUMBER: _ClassVar[int]
me: _descriptor.FieldDescriptor
ER_FIELD_NUMBER: _ClassVar[int]
er: _descriptor.FieldDescriptor
X2_FIELD_NUMBER: _ClassVar[int]
x2: _descriptor.FieldDescriptor

class M(_message.Message):
    __slots__ = ("a", "b")
    Extensions: _python_message._ExtensionDict
    class En(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        V0: _ClassVar[M.En]
        V1: _ClassVar[M.En]
    V0: M.En
    V1: M.En
    class N(_message.Message):
        __slots__ = ("c", "mp")
        class MpEntry(_message.Message):
            __slots__ = ("key", "value")
            KEY_FIELD_NUMBER: _ClassVar[int]
            VALUE_FIELD_NUMBER: _ClassVar[int]
            key: str
            value: str
            def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
        class class(_message.Message):
            __slots__ = ()
            class E2(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
                __slots__ = ()
                X: _ClassVar[getattr(M.N, 'class').E2]
            X: getattr(M.N, 'class').E2
            def __init__(self) -> None: ...
        C_FIELD_NUMBER: _ClassVar[int]
        MP_FIELD_NUMBER: _ClassVar[int]
        c: int
        mp: _containers.ScalarMap[str, str]
        def __init__(self, c: _Optional[int] = ..., mp: _Optional[_Mapping[str, str]] = ...) -> None: ...
    X1_FIELD_NUMBER: _ClassVar[int]
    x1: _descriptor.FieldDescriptor
    A_FIELD_NUMBER: _ClassVar[int]
    B_FIELD_NUMBER: _ClassVar[int]
    a: int
    b: int
    def __init__(self, a: _Optional[int] = ..., b: _Optional[int] = ...) -> None: ...

class S(_service.service): ...

class S_Stub(S): ...

class S2(_service.service): ...

class S2_Stub(S2): ...
