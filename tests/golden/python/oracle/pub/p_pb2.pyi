from pub import q_pb2 as _q_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union
from pub.q_pb2 import Q as Q

DESCRIPTOR: _descriptor.FileDescriptor
MO_FIELD_NUMBER: _ClassVar[int]
mo: _descriptor.FieldDescriptor

class P(_message.Message):
    __slots__ = ("q", "e")
    class E(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        Z: _ClassVar[P.E]
        None: _ClassVar[P.E]
    Z: P.E
    None: P.E
    Q_FIELD_NUMBER: _ClassVar[int]
    E_FIELD_NUMBER: _ClassVar[int]
    q: _q_pb2.Q
    e: P.E
    def __init__(self, q: _Optional[_Union[_q_pb2.Q, _Mapping]] = ..., e: _Optional[_Union[P.E, str]] = ...) -> None: ...
