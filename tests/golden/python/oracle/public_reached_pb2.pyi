import keywords_pb2 as _keywords_pb2
from pub import p_pb2 as _p_pb2
from pub import q_pb2 as _q_pb2
import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class U(_message.Message):
    __slots__ = ("q", "p", "w", "e", "pa", "pp", "cl", "m", "m2", "om")
    class MEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _keywords_pb2.globals()['class'].print
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_keywords_pb2.globals()['class'].print, str]] = ...) -> None: ...
    class M2Entry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _keywords_pb2.WKT
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_keywords_pb2.WKT, _Mapping]] = ...) -> None: ...
    Q_FIELD_NUMBER: _ClassVar[int]
    P_FIELD_NUMBER: _ClassVar[int]
    W_FIELD_NUMBER: _ClassVar[int]
    E_FIELD_NUMBER: _ClassVar[int]
    PA_FIELD_NUMBER: _ClassVar[int]
    PP_FIELD_NUMBER: _ClassVar[int]
    CL_FIELD_NUMBER: _ClassVar[int]
    M_FIELD_NUMBER: _ClassVar[int]
    M2_FIELD_NUMBER: _ClassVar[int]
    OM_FIELD_NUMBER: _ClassVar[int]
    q: _q_pb2.Q
    p: _p_pb2.P
    w: _keywords_pb2.WKT
    e: _p_pb2.P.E
    pa: _keywords_pb2.globals()['pass']
    pp: _containers.RepeatedScalarFieldContainer[_keywords_pb2.globals()['class'].print]
    cl: _containers.RepeatedCompositeFieldContainer[_keywords_pb2.globals()['class']]
    m: _containers.ScalarMap[str, _keywords_pb2.globals()['class'].print]
    m2: _containers.MessageMap[str, _keywords_pb2.WKT]
    om: _options_pb2.M.N
    def __init__(self, q: _Optional[_Union[_q_pb2.Q, _Mapping]] = ..., p: _Optional[_Union[_p_pb2.P, _Mapping]] = ..., w: _Optional[_Union[_keywords_pb2.WKT, _Mapping]] = ..., e: _Optional[_Union[_p_pb2.P.E, str]] = ..., pa: _Optional[_Union[_keywords_pb2.globals()['pass'], str]] = ..., pp: _Optional[_Iterable[_Union[_keywords_pb2.globals()['class'].print, str]]] = ..., cl: _Optional[_Iterable[_Union[_keywords_pb2.globals()['class'], _Mapping]]] = ..., m: _Optional[_Mapping[str, _keywords_pb2.globals()['class'].print]] = ..., m2: _Optional[_Mapping[str, _keywords_pb2.WKT]] = ..., om: _Optional[_Union[_options_pb2.M.N, _Mapping]] = ...) -> None: ...
