import datetime

import importlib
_def_pb2 = importlib.import_module('class.def_pb2')
from a_b.c import d_pb2 as _d_pb2
import 1number_pb2 as _1number_pb2
from pub import p_pb2 as _p_pb2
from pub import q_pb2 as _q_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import any_pb2 as _any_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import wrappers_pb2 as _wrappers_pb2
from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf.internal import python_message as _python_message
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union
from pub.p_pb2 import P as P

DESCRIPTOR: _descriptor.FileDescriptor

class pass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    raise: _ClassVar[globals()['pass']]
    VAL: _ClassVar[globals()['pass']]
raise: globals()['pass']
VAL: globals()['pass']
YIELD_FIELD_NUMBER: _ClassVar[int]
yield: _descriptor.FieldDescriptor
EXT_P_FIELD_NUMBER: _ClassVar[int]
ext_p: _descriptor.FieldDescriptor

class class(_message.Message):
    __slots__ = ("ok", "fine2", "pr")
    Extensions: _python_message._ExtensionDict
    class print(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        import: _ClassVar[globals()['class'].print]
        fine: _ClassVar[globals()['class'].print]
    import: globals()['class'].print
    fine: globals()['class'].print
    class True(_message.Message):
        __slots__ = ("p",)
        P_FIELD_NUMBER: _ClassVar[int]
        p: globals()['class'].print
        def __init__(self, p: _Optional[_Union[globals()['class'].print, str]] = ...) -> None: ...
    DEF_FIELD_NUMBER: _ClassVar[int]
    def: _descriptor.FieldDescriptor
    NOTDEF_FIELD_NUMBER: _ClassVar[int]
    notdef: _descriptor.FieldDescriptor
    FROM_FIELD_NUMBER: _ClassVar[int]
    NONE_FIELD_NUMBER: _ClassVar[int]
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    IS_FIELD_NUMBER: _ClassVar[int]
    OK_FIELD_NUMBER: _ClassVar[int]
    TRY_FIELD_NUMBER: _ClassVar[int]
    FINE2_FIELD_NUMBER: _ClassVar[int]
    PR_FIELD_NUMBER: _ClassVar[int]
    ok: int
    fine2: str
    pr: globals()['class'].print
    def __init__(self, ok: _Optional[int] = ..., fine2: _Optional[str] = ..., pr: _Optional[_Union[globals()['class'].print, str]] = ..., **kwargs) -> None: ...

class WKT(_message.Message):
    __slots__ = ("ts", "rts", "mts", "d", "s", "v", "l", "a", "fm", "sv", "e", "nv", "grp", "rg", "mis", "mbe", "msb", "mfd", "req", "by", "f", "b", "pk", "rs", "rpr", "rd", "rb")
    class MtsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _timestamp_pb2.Timestamp
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
    class Grp(_message.Message):
        __slots__ = ("x",)
        X_FIELD_NUMBER: _ClassVar[int]
        x: int
        def __init__(self, x: _Optional[int] = ...) -> None: ...
    class RG(_message.Message):
        __slots__ = ("y",)
        Y_FIELD_NUMBER: _ClassVar[int]
        y: int
        def __init__(self, y: _Optional[int] = ...) -> None: ...
    class MisEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: str
        def __init__(self, key: _Optional[int] = ..., value: _Optional[str] = ...) -> None: ...
    class MbeEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: bool
        value: globals()['class'].print
        def __init__(self, key: _Optional[bool] = ..., value: _Optional[_Union[globals()['class'].print, str]] = ...) -> None: ...
    class MsbEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: bytes
        def __init__(self, key: _Optional[str] = ..., value: _Optional[bytes] = ...) -> None: ...
    class MfdEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: float
        def __init__(self, key: _Optional[int] = ..., value: _Optional[float] = ...) -> None: ...
    TS_FIELD_NUMBER: _ClassVar[int]
    RTS_FIELD_NUMBER: _ClassVar[int]
    MTS_FIELD_NUMBER: _ClassVar[int]
    D_FIELD_NUMBER: _ClassVar[int]
    S_FIELD_NUMBER: _ClassVar[int]
    V_FIELD_NUMBER: _ClassVar[int]
    L_FIELD_NUMBER: _ClassVar[int]
    A_FIELD_NUMBER: _ClassVar[int]
    FM_FIELD_NUMBER: _ClassVar[int]
    SV_FIELD_NUMBER: _ClassVar[int]
    E_FIELD_NUMBER: _ClassVar[int]
    NV_FIELD_NUMBER: _ClassVar[int]
    GRP_FIELD_NUMBER: _ClassVar[int]
    RG_FIELD_NUMBER: _ClassVar[int]
    MIS_FIELD_NUMBER: _ClassVar[int]
    MBE_FIELD_NUMBER: _ClassVar[int]
    MSB_FIELD_NUMBER: _ClassVar[int]
    MFD_FIELD_NUMBER: _ClassVar[int]
    REQ_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    F_FIELD_NUMBER: _ClassVar[int]
    B_FIELD_NUMBER: _ClassVar[int]
    PK_FIELD_NUMBER: _ClassVar[int]
    RS_FIELD_NUMBER: _ClassVar[int]
    RPR_FIELD_NUMBER: _ClassVar[int]
    RD_FIELD_NUMBER: _ClassVar[int]
    RB_FIELD_NUMBER: _ClassVar[int]
    ts: _timestamp_pb2.Timestamp
    rts: _containers.RepeatedCompositeFieldContainer[_timestamp_pb2.Timestamp]
    mts: _containers.MessageMap[str, _timestamp_pb2.Timestamp]
    d: _duration_pb2.Duration
    s: _struct_pb2.Struct
    v: _struct_pb2.Value
    l: _struct_pb2.ListValue
    a: _any_pb2.Any
    fm: _field_mask_pb2.FieldMask
    sv: _wrappers_pb2.StringValue
    e: _empty_pb2.Empty
    nv: _struct_pb2.NullValue
    grp: WKT.Grp
    rg: _containers.RepeatedCompositeFieldContainer[WKT.RG]
    mis: _containers.ScalarMap[int, str]
    mbe: _containers.ScalarMap[bool, globals()['class'].print]
    msb: _containers.ScalarMap[str, bytes]
    mfd: _containers.ScalarMap[int, float]
    req: int
    by: bytes
    f: float
    b: bool
    pk: _containers.RepeatedScalarFieldContainer[int]
    rs: _containers.RepeatedScalarFieldContainer[str]
    rpr: _containers.RepeatedScalarFieldContainer[globals()['class'].print]
    rd: _containers.RepeatedScalarFieldContainer[float]
    rb: _containers.RepeatedScalarFieldContainer[bool]
    def __init__(self, ts: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., rts: _Optional[_Iterable[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]]] = ..., mts: _Optional[_Mapping[str, _timestamp_pb2.Timestamp]] = ..., d: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., s: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., v: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., l: _Optional[_Union[_struct_pb2.ListValue, _Mapping]] = ..., a: _Optional[_Union[_any_pb2.Any, _Mapping]] = ..., fm: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., sv: _Optional[_Union[_wrappers_pb2.StringValue, _Mapping]] = ..., e: _Optional[_Union[_empty_pb2.Empty, _Mapping]] = ..., nv: _Optional[_Union[_struct_pb2.NullValue, str]] = ..., grp: _Optional[_Union[WKT.Grp, _Mapping]] = ..., rg: _Optional[_Iterable[_Union[WKT.RG, _Mapping]]] = ..., mis: _Optional[_Mapping[int, str]] = ..., mbe: _Optional[_Mapping[bool, globals()['class'].print]] = ..., msb: _Optional[_Mapping[str, bytes]] = ..., mfd: _Optional[_Mapping[int, float]] = ..., req: _Optional[int] = ..., by: _Optional[bytes] = ..., f: _Optional[float] = ..., b: _Optional[bool] = ..., pk: _Optional[_Iterable[int]] = ..., rs: _Optional[_Iterable[str]] = ..., rpr: _Optional[_Iterable[_Union[globals()['class'].print, str]]] = ..., rd: _Optional[_Iterable[float]] = ..., rb: _Optional[_Iterable[bool]] = ...) -> None: ...

class Ms(_message.Message):
    __slots__ = ()
    Extensions: _python_message._ExtensionDict
    def __init__(self) -> None: ...

class Empty(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
