"""Wordings as people paste them: whole tracebacks, other versions of the same tools, lines broken or coloured.

None of them is an example of the knowledge: they show that the grammars know the messages and not the strings. Each
follows a message of the tool named beside it; paths, names and numbers are made up.
"""

from __future__ import annotations

import logs
import pytest

SITE = "/Users/kim/miniforge3/envs/tf/lib/python3.10/site-packages"
PLUGIN = f"{SITE}/tensorflow-plugins/libmetal_plugin.dylib"

IMPORT_FRAMES = f"""Traceback (most recent call last):
  File "/Users/kim/train.py", line 1, in <module>
    import tensorflow as tf
  File "{SITE}/tensorflow/__init__.py", line 439, in <module>
    _ll.load_library(_plugin_dir)
  File "{SITE}/tensorflow/python/framework/load_library.py", line 151, in load_library
    py_tf.TF_LoadLibrary(lib)
"""

LOADING = {
    "the plugin's library, macOS 14, whole traceback": (
        IMPORT_FRAMES
        + f"tensorflow.python.framework.errors_impl.NotFoundError: dlopen({PLUGIN}, 0x0006): Library not loaded: "
        f"@rpath/_pywrap_tensorflow_internal.so\n  Referenced from: <D2EF42E3-3A7F-39DD-9982-FB6BCDC2853C> {PLUGIN}\n"
        f"  Reason: tried: '{SITE}/_solib/_pywrap_tensorflow_internal.so' (no such file), '/usr/lib/x.so' (no such file, not in dyld cache)",
        "LNK001",
    ),
    "the plugin's library on one line": (
        f"NotFoundError: dlopen({PLUGIN}, 0x0006): Library not loaded: @rpath/libtensorflow_framework.2.dylib Referenced from: "
        f"{PLUGIN} Reason: image not found",
        "LNK001",
    ),
    "the plugin's library and nothing else": ("Library not loaded: @rpath/_pywrap_tensorflow_internal.so", "LNK001"),
    "the plugin's symbol, expected in TensorFlow's C++ library": (
        f"dlopen({PLUGIN}, 0x0006): Symbol not found: __ZN10tensorflow16TensorShapeProtoC1ERKS0_\n"
        f"  Referenced from: <A> {PLUGIN}\n  Expected in:     <B> {SITE}/tensorflow/libtensorflow_cc.2.dylib",
        "LNK002",
    ),
    "the plugin's symbol, macOS 12 with brackets and quotes": (
        f"dlopen({PLUGIN}, 0x0006): Symbol not found: (__ZN3tsl8internal10LogMessageC1EPKcii)\n"
        f"  Referenced from: '{PLUGIN}'\n  Expected in: '{SITE}/tensorflow/python/_pywrap_tensorflow_internal.so'",
        "LNK002",
    ),
    "the plugin's symbol, macOS 11 with the last line of old": (
        f"dlopen({PLUGIN}, 6): Symbol not found: _TF_AssignUpdateVariable\n  Referenced from: {PLUGIN}\n"
        f"  Expected in: flat namespace\n in {PLUGIN}",
        "LNK002",
    ),
    "the plugin's C++ symbol in the flat namespace": (
        f"dlopen({PLUGIN}, 0x0006): symbol not found in flat namespace '__ZN10tensorflow8internal10LogMessage9SinksLogE'",
        "LNK002",
    ),
    "a symbol and nothing else": ("Symbol not found: __ZN3tsl8internal10LogMessageC1EPKcii", "LNK002"),
    "a class of a system framework, without where": (
        "dyld[4321]: Symbol not found: _OBJC_CLASS_$_MPSGraphStridedSliceOpDescriptor\n"
        f"  Referenced from: <A> {PLUGIN}",
        "LNK003",
    ),
    "a function of libc++ that the plugin wants": (
        f"dlopen({PLUGIN}, 0x0006): Symbol not found: __ZNKSt3__115basic_stringbufIcE3strEv\n  Referenced from: <A> {PLUGIN} "
        "(built for macOS 15.0 which is newer than running OS)\n  Expected in: <B> /usr/lib/libc++.1.dylib",
        "LNK003",
    ),
    "the plugin for another processor": (
        f"dlopen({PLUGIN}, 0x0006): tried: '{PLUGIN}' (mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64'))",
        "LNK006",
    ),
    "the plugin for another processor, macOS 11": (
        f"dlopen({PLUGIN}, 6): no suitable image found.  Did find:\n\t{PLUGIN}: mach-o, but wrong architecture",
        "LNK006",
    ),
    "TensorFlow for another processor, with the second traceback": (
        f"""Traceback (most recent call last):
  File "{SITE}/tensorflow/python/pywrap_tensorflow.py", line 64, in <module>
    from tensorflow.python._pywrap_tensorflow_internal import *
ImportError: dlopen({SITE}/tensorflow/python/_pywrap_tensorflow_internal.so, 6): no suitable image found.  Did find:
\t{SITE}/tensorflow/python/_pywrap_tensorflow_internal.so: mach-o, but wrong architecture
\t{SITE}/tensorflow/python/_pywrap_tensorflow_internal.so: mach-o, but wrong architecture

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
  File "{SITE}/tensorflow/__init__.py", line 41, in <module>
    from tensorflow.python.tools import module_util as _module_util
  File "{SITE}/tensorflow/python/pywrap_tensorflow.py", line 83, in <module>
    raise ImportError(msg)
ImportError: Traceback (most recent call last):
ImportError: dlopen({SITE}/tensorflow/python/_pywrap_tensorflow_internal.so, 6): no suitable image found.

Failed to load the native TensorFlow runtime.
See https://www.tensorflow.org/install/errors""",
        "PY004",
    ),
    "an extension of numpy for another processor, with numpy's own words": (
        "IMPORTANT: PLEASE READ THIS FOR ADVICE ON HOW TO SOLVE THIS ISSUE!\n\nImporting the numpy C-extensions failed.\n"
        f"Original error was: dlopen({SITE}/numpy/core/_multiarray_umath.cpython-310-darwin.so, 0x0002): tried: "
        f"'{SITE}/numpy/core/_multiarray_umath.cpython-310-darwin.so' (mach-o file, but is an incompatible architecture "
        "(have 'arm64', need 'x86_64'))\nImportError: numpy.core.multiarray failed to import",
        "PY004",
    ),
    "a library of Homebrew for another processor": (
        "Library not loaded: @rpath/libomp.dylib\n  Reason: tried: '/opt/homebrew/opt/libomp/lib/libomp.dylib' (mach-o file, but is an "
        "incompatible architecture (have 'arm64', need 'x86_64')), '/usr/lib/libomp.dylib' (no such file)",
        "PY004",
    ),
    "TensorFlow asks for its own library": (
        f"ImportError: dlopen({SITE}/tensorflow/python/_pywrap_tfe.so, 2): Library not loaded: @rpath/_pywrap_tensorflow_internal.so\n"
        f"  Referenced from: {SITE}/tensorflow/python/_pywrap_tfe.so\n  Reason: image not found",
        "PKG004",
    ),
    "TensorFlow asks macOS for a function": (
        f"ImportError: dlopen({SITE}/tensorflow/python/_pywrap_tensorflow_internal.so, 6): Symbol not found: _SecKeyCopyExternalRepresentation\n"
        f"  Referenced from: {SITE}/tensorflow/python/_pywrap_tensorflow_internal.so\n"
        "  Expected in: /System/Library/Frameworks/Security.framework/Versions/A/Security",
        "MAC003",
    ),
    "an add-on built for another TensorFlow": (
        f"tensorflow.python.framework.errors_impl.NotFoundError: dlopen({SITE}/tensorflow_text/core/pybinds/tflite_registrar.so, 0x0006): "
        "symbol not found in flat namespace '__ZN10tensorflow15shape_inference16InferenceContext11WithRankAtLeastE'",
        "PKG003",
    ),
    "a module of h5py without its library": (
        f"ImportError: dlopen({SITE}/h5py/defs.cpython-310-darwin.so, 0x0002): Library not loaded: @rpath/libhdf5.200.dylib\n"
        f"  Referenced from: <C> {SITE}/h5py/defs.cpython-310-darwin.so\n  Reason: tried: '/x/libhdf5.200.dylib' (no such file)",
        "PKG014",
    ),
    "scipy without Homebrew's compiler": (
        f"ImportError: dlopen({SITE}/scipy/linalg/_fblas.cpython-310-darwin.so, 0x0002): Library not loaded: "
        "'/opt/homebrew/opt/gcc/lib/gcc/11/libgfortran.5.dylib'\n"
        f"  Referenced from: '{SITE}/scipy/linalg/_fblas.cpython-310-darwin.so'\n  Reason: tried: '/opt/x' (no such file)",
        "PKG014",
    ),
    "grpc built by hand": (
        f"ImportError: dlopen({SITE}/grpc/_cython/cygrpc.cpython-310-darwin.so, 0x0002): symbol not found in flat namespace "
        "'_kCFStreamPropertySocketNativeHandle'",
        "PKG014",
    ),
    "the interpreter of an environment whose Python is gone, old words": (
        "dyld: Library not loaded: @executable_path/../.Python\n  Referenced from: /Users/kim/tfenv/bin/python\n"
        "  Reason: image not found\nAbort trap: 6",
        "PY005",
    ),
    "a script of an environment whose Python is gone": (
        "zsh: /Users/kim/tfenv/bin/jupyter: bad interpreter: /Users/kim/old/bin/python3.8: no such file or directory",
        "PY005",
    ),
    "a notebook's coloured traceback": (
        '    "\\u001b[0;31mNotFoundError\\u001b[0m: dlopen(' + PLUGIN + ", 0x0006): Symbol not found: "
        '__ZN3tsl8internal10LogMessageC1EPKcii\\n",\n    "  Referenced from: <A> ' + PLUGIN + '\\n",\n'
        '    "  Expected in: <B> ' + SITE + '/tensorflow/python/_pywrap_tensorflow_internal.so"\n',
        "LNK002",
    ),
}

IMPORTING = {
    "TensorFlow is not there, IPython": (
        "---------------------------------------------------------------------------\n"
        "ModuleNotFoundError                       Traceback (most recent call last)\nInput In [1], in <cell line: 1>()\n"
        "----> 1 import tensorflow as tf\n\nModuleNotFoundError: No module named 'tensorflow'",
        "PKG001",
    ),
    "TensorFlow is not there, Python 2's quotes": ("ImportError: No module named tensorflow", "PKG001"),
    "a module inside TensorFlow": (
        IMPORT_FRAMES.replace("_ll.load_library(_plugin_dir)", "from tensorflow.python import x")
        + "ModuleNotFoundError: No module named 'wrapt'",
        "TF001",
    ),
    "NumPy 2": (
        "A module that was compiled using NumPy 1.x cannot be run in\nNumPy 2.0.1 as it may crash. To support both 1.x and 2.x\n"
        f"versions of NumPy, modules must be compiled with NumPy 2.0.\n{IMPORT_FRAMES}AttributeError: _ARRAY_API not found",
        "PKG006",
    ),
    "an older NumPy": (
        "RuntimeError: module compiled against API version 0x10 but this version of numpy is 0xf",
        "PKG006",
    ),
    "protobuf 4": (
        IMPORT_FRAMES
        + "TypeError: Descriptors cannot be created directly.\nIf this call came from a _pb2.py file, your generated code is "
        "out of date and must be regenerated with protoc >= 3.19.0.",
        "PKG003",
    ),
    "Keras 3 for transformers": (
        "RuntimeError: Failed to import transformers.models.bert.modeling_tf_bert because of the following error:\nYour currently "
        "installed version of Keras is Keras 3, but this is not yet supported in Transformers. Please install the backwards-compatible tf-keras "
        "package with `pip install tf-keras`.",
        "PKG007",
    ),
    "a file called tensorflow.py": (
        "ModuleNotFoundError: No module named 'tensorflow.keras'; 'tensorflow' is not a package",
        "PY006",
    ),
    "Keras 3 has no legacy optimizers, as an attribute": (
        "AttributeError: module 'keras._tf_keras.keras.optimizers' has no attribute 'legacy'",
        "TF017",
    ),
}

INSTALLING = {
    "an arm64 list for an old pin, with the requirement's origin": (
        "ERROR: Could not find a version that satisfies the requirement tensorflow<2.11,>=2.9 (from spleeter) (from versions: 2.13.0rc0, 2.13.0, "
        "2.13.1, 2.14.0, 2.14.1)",
        "PKG011",
    ),
    "a list broken by a narrow terminal": (
        "ERROR: Could not find a version that satisfies the requirement tensorflow-macos==2.15.0 (from\nversions: 2.9.0, 2.9.1, 2.9.2, 2.10.0,\n"
        "2.11.0, 2.12.0)\nERROR: No matching distribution found for tensorflow-macos==2.15.0",
        "PKG011",
    ),
    "versions for other Pythons, then none": (
        "ERROR: Ignored the following versions that require a different python version: 2.13.0 Requires-Python >=3.8,<3.12\n"
        "ERROR: Could not find a version that satisfies the requirement tensorflow-macos==2.13.0 (from versions: 2.16.1, 2.16.2)\n"
        "ERROR: No matching distribution found for tensorflow-macos==2.13.0",
        "PKG011",
    ),
    "no plugin for a Python that the text names": (
        "Python 3.13.2 (main, Feb  4 2025, 14:51:09) [Clang 16.0.0] on darwin\n$ pip install tensorflow-metal\n"
        "ERROR: Could not find a version that satisfies the requirement tensorflow-metal (from versions: none)\n"
        "ERROR: No matching distribution found for tensorflow-metal",
        "PY003",
    ),
    "h5py is compiled": (
        "Building wheels for collected packages: h5py\n  Building wheel for h5py (pyproject.toml): started\n"
        "  Building wheel for h5py (pyproject.toml): finished with status 'error'\n  error: subprocess-exited-with-error\n"
        "  × Building wheel for h5py (pyproject.toml) did not run successfully.\n  │ exit code: 1\n"
        "  ╰─> error: libhdf5.dylib: cannot open\nERROR: Failed building wheel for h5py\nFailed to build h5py\n"
        "ERROR: Could not build wheels for h5py, which is required to install pyproject.toml-based projects",
        "PKG012",
    ),
    "metadata of a source package": (
        "Collecting numpy==1.18.5\n  Using cached numpy-1.18.5.zip (5.4 MB)\n  Preparing metadata (pyproject.toml) ... error\n"
        "  error: subprocess-exited-with-error\n  × Preparing metadata (pyproject.toml) did not run successfully.\n"
        "error: metadata-generation-failed",
        "PKG012",
    ),
    "uv builds": (
        "  × Failed to build `grpcio==1.48.2`\n  ├─▶ The build backend returned an error\n  ╰─▶ Call to `setuptools.build_meta.build_wheel` failed "
        "(exit status: 1)",
        "PKG012",
    ),
    "uv finds no wheel": (
        "  × No solution found when resolving dependencies:\n  ╰─▶ Because tensorflow-text==2.13.0 has no wheels with a matching platform tag "
        "(e.g., `macosx_14_0_arm64`) and\n      you require tensorflow-text==2.13.0, we can conclude that your requirements are unsatisfiable.",
        "PKG011",
    ),
    "uv finds a conflict": (
        "  × No solution found when resolving dependencies:\n  ╰─▶ Because tensorflow==2.15.0 depends on numpy>=1.23.5,<2.0.0 and you require "
        "tensorflow==2.15.0,\n      we can conclude that you require numpy<2.0.0. And because you require numpy==2.1.0, your requirements are unsatisfiable.",
        "PKG003",
    ),
    "Poetry finds a conflict": (
        "Because project depends on tensorflow (2.12.0) which depends on numpy (<1.24), numpy is required.\nSo, because project depends on numpy "
        "(^1.26), version solving failed.",
        "PKG003",
    ),
    "Poetry finds no candidate, new words": (
        "  RuntimeError\n\n  Unable to find installation candidates for tensorflow-cpu (2.9.1)\n\n  This is likely not a Poetry issue.",
        "PKG011",
    ),
    "an Intel conda asks for Apple's channel, new conda": (
        "Channels:\n - apple\n - conda-forge\nPlatform: osx-64\nCollecting package metadata (repodata.json): done\nSolving environment: failed\n\n"
        "PackagesNotFoundError: The following packages are not available from current channels:\n\n  - tensorflow-deps\n\nCurrent channels:\n\n"
        "  - https://conda.anaconda.org/apple\n  - https://conda.anaconda.org/conda-forge\n",
        "PY008",
    ),
    "a native conda without the package": (
        "PackagesNotFoundError: The following packages are not available from current channels:\n\n  - tensorflow-text\n\nCurrent channels:\n\n"
        "  - https://conda.anaconda.org/conda-forge/osx-arm64\n  - https://conda.anaconda.org/conda-forge/noarch\n",
        "PKG011",
    ),
    "mamba's tree of reasons": (
        "error    libmamba Could not solve for environment specs\n    The following packages are incompatible\n"
        "    ├─ python 3.12**  is requested and can be installed;\n    └─ tensorflow 2.11**  is not installable because it requires\n",
        "PKG003",
    ),
    "a wheel that was downloaded": (
        "ERROR: tensorflow_addons_macos-0.1a3-cp38-cp38-macosx_11_0_arm64.whl is not a supported wheel on this platform.",
        "PKG011",
    ),
    "pip's report after an installation": (
        "ERROR: pip's dependency resolver does not currently take into account all the packages that are installed. This behaviour is the "
        "source of the following dependency conflicts.\ntensorflow 2.16.1 requires ml-dtypes~=0.3.1, but you have ml-dtypes 0.2.0 which is incompatible.",
        "PKG003",
    ),
    "a program for another processor": ("zsh: bad CPU type in executable: /usr/local/bin/python3.9", "PY002"),
    "a full disk": (
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
        "MAC007",
    ),
}

WORKING = {
    "SIGILL in Jupyter's log": (
        "[I 10:11:12.345 NotebookApp] x\nzsh: illegal hardware instruction  jupyter notebook",
        "TF002",
    ),
    "SIGILL by bash": ("/Users/kim/run.sh: line 3:  8123 Illegal instruction: 4  python train.py", "TF002"),
    "SIGILL by fish": ("fish: Job 1, 'python train.py' terminated by signal SIGILL (Illegal instruction)", "TF002"),
    "SIGILL by its exit code": ("The command exited with exit code 132", "TF002"),
    "SIGILL by faulthandler": (
        "Fatal Python error: Illegal instruction\n\nCurrent thread 0x1 (most recent call first):",
        "TF002",
    ),
    "SIGILL in a crash report": ("Exception Type:        EXC_BAD_INSTRUCTION (SIGILL)\nException Codes: 0x1", "TF002"),
    "a translated process in a crash report": (
        "Code Type:             X86-64 (Translated)\nParent Process:        zsh [501]\nException Type:        EXC_BAD_INSTRUCTION (SIGILL)",
        "PY001",
    ),
    "an abort while training, on the line of the progress bar": (
        "Epoch 1/100\n5000/5000 [=====] - ETA: 0s - loss: 2.34 - accuracy: 0.30zsh: segmentation fault  python cifar10.py\n"
        "multiprocessing/resource_tracker.py:216: UserWarning: resource_tracker: There appear to be 3 leaked semaphore objects",
        "TF011",
    ),
    "a segmentation fault while importing, with its stack": (
        f'Fatal Python error: Segmentation fault\n\nCurrent thread 0x1 (most recent call first):\n  File "<frozen importlib._bootstrap>", line 228 in '
        f'_call_with_frames_removed\n  File "{SITE}/tensorflow/python/pywrap_tensorflow.py", line 62 in <module>\n  File "{SITE}/tensorflow/__init__.py", '
        "line 40 in <module>\n",
        "TF002",
    ),
    "a bus error at the import": (
        "% python3 -c 'import tensorflow as tf; print(tf.__version__)'\nzsh: bus error  python3 -c",
        "TF002",
    ),
    "an exit code in CI": ("##[error]Process completed with exit code 139.", "TF011"),
    "killed while training": (
        "Epoch 3/10\n120/938 [==>...] - ETA: 1:02 - loss: 0.5zsh: killed     python train.py",
        "MEM007",
    ),
    "killed by its exit code": ("Process finished with exit code 137 (interrupted by signal 9: SIGKILL)", "MEM007"),
    "the system's own words": (
        "kernel: (AppleSystemPolicy) x\nkernel: low swap: killing largest compressed process with pid 99 (python3)",
        "MEM007",
    ),
    "two plugins for one platform": (
        "2022-03-01 10:00:00.1: F tensorflow/c/experimental/stream_executor/stream_executor.cc:808] Non-OK-status: "
        'stream_executor::MultiPlatformManager::RegisterPlatform( std::move(cplatform)) status: INTERNAL: platform is already registered with name: "METAL"\n'
        "zsh: abort      python main.py",
        "LNK005",
    ),
    "pyarrow beside TensorFlow": (
        ">>> import tensorflow\n>>> import pyarrow\nlibc++abi: terminating due to uncaught exception of type std::__1::system_error: mutex lock "
        "failed: Invalid argument\nzsh: abort      python",
        "PKG008",
    ),
    "a failed GPU command": (
        "Error: command buffer exited with error status.\n\tThe Metal Performance Shaders operations encoded on it may not have completed.\n\tError: \n"
        "\t(null)\n\tIgnored (for causing prior/excessive GPU errors) (00000004:kIOGPUCommandBufferCallbackErrorSubmissionsIgnored)\n"
        "\t<AGXG13GFamilyCommandBuffer: 0x104c33850>\n    label = <none> ",
        "TF012",
    ),
    "an assertion of Metal": (
        "-[IOGPUMetalCommandBuffer validate]:200: failed assertion `commit command buffer with uncommitted encoder'\nzsh: abort      python x.py",
        "TF011",
    ),
    "an op of the GPU graph compiler": (
        'loc("mps_select"("(mpsFileLoc): /AppleInternal/x.mm":294:0)): error: \'anec.gain_offset_control\' op result #0 must be 4D\n'
        "LLVM ERROR: Failed to infer result type(s).\n[1]    13512 abort      python",
        "TF011",
    ),
    "a type that the GPU has no kernel for": (
        "tensorflow.python.framework.errors_impl.NotFoundError: No registered 'Cumsum' OpKernel for 'GPU' devices compatible with node "
        "{{node Cumsum}}\n\t.  Registered:  device='CPU'; T in [DT_DOUBLE]",
        "TF009",
    ),
    "XLA by jit_compile": (
        "W tensorflow/core/framework/op_kernel.cc:1745] OP_REQUIRES failed at xla_ops.cc:296 : UNIMPLEMENTED: Could not find compiler for platform "
        "METAL: NOT_FOUND: could not find registered compiler for platform METAL -- was support for that platform linked in?",
        "TF010",
    ),
    "no GPU in a notebook": ("In [2]: tf.config.list_physical_devices('GPU')\nOut[2]: []", "TF004"),
    "no GPU by a count": ("TensorFlow version: 2.13.0\nNum GPUs Available: 0", "TF004"),
    "an older optimizer for a newer one": (
        "WARNING:absl:There is a known slowdown when using v2.11+ Keras optimizers on M1/M2 Macs. Falling back to the legacy Keras optimizer, i.e., "
        '`tf.keras.optimizers.legacy.AdamW`.\nTraceback (most recent call last):\n  File "x.py", line 9, in <module>\n    model.fit(x, y)\n'
        "AttributeError: 'str' object has no attribute 'minimize'",
        "TF013",
    ),
    "an emulated container by Docker's own warning": (
        "WARNING: The requested image's platform (linux/amd64) does not match the detected host platform (linux/arm64/v8) and no specific platform was "
        "requested\nThe TensorFlow library was compiled to use AVX instructions, but these aren't available on your machine.\nAborted",
        "MAC009",
    ),
}

NOTHING = {
    "a healthy start": (
        "Metal device set to: Apple M1 Pro\n\nsystemMemory: 16.00 GB\nmaxCacheSize: 5.33 GB\n\n2023-09-01 17:37:39.464579: I tensorflow/core/x.cc:303] "
        "Could not identify NUMA node of platform GPU ID 0, defaulting to 0. Your kernel may not have been built with NUMA support."
    ),
    "a healthy start of a newer TensorFlow": (
        "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\nI0000 00:00:1742469420.973148  253800 "
        "pluggable_device_factory.cc:271] Created TensorFlow device (/job:localhost/replica:0/task:0/device:GPU:0 with 0 MB memory) -> physical "
        "PluggableDevice (device: 0, name: METAL, pci bus id: <undefined>)"
    ),
    "a list with a GPU": "[PhysicalDevice(name='/physical_device:CPU:0', device_type='CPU'), PhysicalDevice(name='/physical_device:GPU:0', device_type='GPU')]",
    "a count above nought": "Num GPUs Available:  1",
    "a script that is quoted": (
        "print('Num GPUs Available: ', len(tf.config.list_physical_devices('GPU')))\nif not gpus:\n    raise SystemError('GPU device not found')"
    ),
    "a user's own exception": 'Traceback (most recent call last):\n  File "train.py", line 8, in <module>\n    fit()\nValueError: Shapes (32, 10) and (32, 1) are incompatible',
    "a status of nought": "Process finished with exit code 0",
    "an interrupted import": IMPORT_FRAMES + "KeyboardInterrupt",
    "a build that is well": "Building wheels for collected packages: termcolor\n  Building wheel for termcolor (setup.py) ... done\nSuccessfully built termcolor",
    "a kernel that died and no more": "The kernel appears to have died. It will restart automatically.",
    "TensorFlow 1 code": "AttributeError: module 'tensorflow' has no attribute 'placeholder'",
    "a module of TensorFlow 1": "ModuleNotFoundError: No module named 'tensorflow.contrib'",
    "words of a person": "My training was killed by a power cut, and the abort button is greyed out. Nothing died.",
    "the end of data": "W tensorflow/core/framework/local_rendezvous.cc:404] Local rendezvous is aborting with status: OUT_OF_RANGE: End of sequence",
    "CUDA on a Mac": "E external/local_xla/xla/stream_executor/cuda/cuda_blas.cc:1518] Unable to register cuBLAS factory: Attempting to register factory for plugin cuBLAS when one has already been registered",
    "a compiler that fails outside pip": "make: *** [all] Error 2\ncommand '/usr/bin/clang' failed with exit status 1",
    "an empty log": "",
    "blank lines": "\n\n  \n",
    "progress": "  5%|▌         | 5/100 [00:01<00:20,  4.6it/s]\r 10%|█         | 10/100 [00:02<00:19,  4.7it/s]\r",
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [*LOADING.values(), *IMPORTING.values(), *INSTALLING.values(), *WORKING.values()],
    ids=[*LOADING, *IMPORTING, *INSTALLING, *WORKING],
)
def test_the_cause_comes_first(text, wanted):
    assert logs.causes(text)[:1] == [wanted]


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_no_cause_where_the_text_decides_none(text):
    assert logs.causes(text) == []


@pytest.mark.parametrize(("text", "wanted"), [*LOADING.values(), *WORKING.values()], ids=[*LOADING, *WORKING])
def test_one_event_is_one_cause(text, wanted):
    assert logs.causes(text) == [wanted]


@pytest.mark.parametrize(("text", "wanted"), LOADING.values(), ids=LOADING)
def test_windows_line_ends_and_quotation_marks_of_web_pages_change_nothing(text, wanted):
    assert logs.causes(text.replace("\n", "\r\n")) == [wanted]
    assert logs.causes(text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")) == [wanted]
    assert logs.causes("\n".join(f"> {line}" for line in text.split("\n"))) == [wanted]
