from zz import y_pb2 as _y_pb2
import importlib
_y_pb2_1 = importlib.import_module('lambda.x.y_pb2')
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TR3(_message.Message):
    __slots__ = ("c", "y")
    C_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    c: _y_pb2.LM
    y: _y_pb2.Y
    def __init__(self, c: _Optional[_Union[_y_pb2.LM, _Mapping]] = ..., y: _Optional[_Union[_y_pb2.Y, _Mapping]] = ...) -> None: ...
