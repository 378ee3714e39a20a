from sp ace import a b'_pb2 as _a b'_pb2
from weird_. import x_y_pb2 as _x_y_pb2
import keywords_nested_pb2 as _keywords_nested_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class I(_message.Message):
    __slots__ = ("n", "d", "f", "t", "e5", "e6")
    N_FIELD_NUMBER: _ClassVar[int]
    D_FIELD_NUMBER: _ClassVar[int]
    F_FIELD_NUMBER: _ClassVar[int]
    T_FIELD_NUMBER: _ClassVar[int]
    E5_FIELD_NUMBER: _ClassVar[int]
    E6_FIELD_NUMBER: _ClassVar[int]
    n: _keywords_nested_pb2.getattr(getattr(globals()['class'], 'def'), 'if')
    d: _keywords_nested_pb2.getattr(globals()['class'], 'def')
    f: _keywords_nested_pb2.getattr(getattr(A, 'def').B, 'is')
    t: T
    e5: _containers.RepeatedScalarFieldContainer[_keywords_nested_pb2.A.en.E2]
    e6: _keywords_nested_pb2.A.en2
    def __init__(self, n: _Optional[_Union[_keywords_nested_pb2.getattr(getattr(globals()['class'], 'def'), 'if'), _Mapping]] = ..., d: _Optional[_Union[_keywords_nested_pb2.getattr(globals()['class'], 'def'), _Mapping]] = ..., f: _Optional[_Union[_keywords_nested_pb2.getattr(getattr(A, 'def').B, 'is'), _Mapping]] = ..., t: _Optional[_Union[T, _Mapping]] = ..., e5: _Optional[_Iterable[_Union[_keywords_nested_pb2.A.en.E2, str]]] = ..., e6: _Optional[_Union[_keywords_nested_pb2.A.en2, str]] = ...) -> None: ...

class T(_message.Message):
    __slots__ = ("x",)
    class class(_message.Message):
        __slots__ = ()
        class y(_message.Message):
            __slots__ = ("k", "nn", "mm")
            class if(_message.Message):
                __slots__ = ()
                class not(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
                    __slots__ = ()
                    Q: _ClassVar[getattr(getattr(getattr(T, 'class').y, 'if'), 'not')]
                Q: getattr(getattr(getattr(T, 'class').y, 'if'), 'not')
                def __init__(self) -> None: ...
            class MmEntry(_message.Message):
                __slots__ = ("key", "value")
                KEY_FIELD_NUMBER: _ClassVar[int]
                VALUE_FIELD_NUMBER: _ClassVar[int]
                key: str
                value: getattr(getattr(T, 'class').y, 'if')
                def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[getattr(getattr(T, 'class').y, 'if'), _Mapping]] = ...) -> None: ...
            K_FIELD_NUMBER: _ClassVar[int]
            NN_FIELD_NUMBER: _ClassVar[int]
            MM_FIELD_NUMBER: _ClassVar[int]
            k: getattr(getattr(T, 'class').y, 'if')
            nn: getattr(getattr(getattr(T, 'class').y, 'if'), 'not')
            mm: _containers.MessageMap[str, getattr(getattr(T, 'class').y, 'if')]
            def __init__(self, k: _Optional[_Union[getattr(getattr(T, 'class').y, 'if'), _Mapping]] = ..., nn: _Optional[_Union[getattr(getattr(getattr(T, 'class').y, 'if'), 'not'), str]] = ..., mm: _Optional[_Mapping[str, getattr(getattr(T, 'class').y, 'if')]] = ...) -> None: ...
        def __init__(self) -> None: ...
    X_FIELD_NUMBER: _ClassVar[int]
    x: getattr(T, 'class')
    def __init__(self, x: _Optional[_Union[getattr(T, 'class'), _Mapping]] = ...) -> None: ...
