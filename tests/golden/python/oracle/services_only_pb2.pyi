from pub import p_pb2 as _p_pb2
from pub import q_pb2 as _q_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
