"""The parts of the work that the child is given after the import, a file each.

A part is a module with one function, ``run(tf, device, options)``: `tf` is the target's TensorFlow, `device` is
``"GPU:0"`` or, where TensorFlow may use no GPU, ``"CPU:0"``, and `options` are those of the part's table in
``m1doctor/knowledge/parts/``. What it returns becomes the part's record in ``m1doctor/model/``, so the names are the
same there. A part may import its neighbours relatively, and else only TensorFlow, NumPy and the standard library.
"""
