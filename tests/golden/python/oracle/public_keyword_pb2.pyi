import importlib
_def_pb2 = importlib.import_module('class.def_pb2')
import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union
from class.def_pb2 import Def as Def
from class.def_pb2 import E as E

DESCRIPTOR: _descriptor.FileDescriptor
A: _def_pb2.E
B: _def_pb2.E
C: _def_pb2.E

class X(_message.Message):
    __slots__ = ("n", "d", "mm")
    class MmEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: _options_pb2.getattr(M.N, 'class')
        def __init__(self, key: _Optional[int] = ..., value: _Optional[_Union[_options_pb2.getattr(M.N, 'class'), _Mapping]] = ...) -> None: ...
    N_FIELD_NUMBER: _ClassVar[int]
    D_FIELD_NUMBER: _ClassVar[int]
    MM_FIELD_NUMBER: _ClassVar[int]
    n: _options_pb2.getattr(M.N, 'class')
    d: _def_pb2.Def
    mm: _containers.MessageMap[int, _options_pb2.getattr(M.N, 'class')]
    def __init__(self, n: _Optional[_Union[_options_pb2.getattr(M.N, 'class'), _Mapping]] = ..., d: _Optional[_Union[_def_pb2.Def, _Mapping]] = ..., mm: _Optional[_Mapping[int, _options_pb2.getattr(M.N, 'class')]] = ...) -> None: ...
