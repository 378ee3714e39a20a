from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class class(_message.Message):
    __slots__ = ()
    class def(_message.Message):
        __slots__ = ()
        class if(_message.Message):
            __slots__ = ()
            def __init__(self) -> None: ...
        def __init__(self) -> None: ...
    def __init__(self) -> None: ...

class A(_message.Message):
    __slots__ = ()
    class en2(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        X: _ClassVar[A.en2]
    X: A.en2
    class def(_message.Message):
        __slots__ = ()
        class B(_message.Message):
            __slots__ = ()
            class is(_message.Message):
                __slots__ = ()
                def __init__(self) -> None: ...
            def __init__(self) -> None: ...
        def __init__(self) -> None: ...
    class en(_message.Message):
        __slots__ = ()
        class E2(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
            __slots__ = ()
            X: _ClassVar[A.en.E2]
        X: A.en.E2
        def __init__(self) -> None: ...
    def __init__(self) -> None: ...
