(module
  (memory (import "room" "memory") 1)

  ;; The first place from $at on whose byte ends plain text: a control byte, a quote, a backslash, or one that shares a bit with
  ;; $high, which is 128 or 0. Sixteen bytes a step; the caller sees to it that one stands before the end of the memory.
  (func (export "findStop") (param $at i32) (param $high i32) (result i32)
    (local $bytes v128)
    (local $stops i32)
    (loop $step
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $stops
        (i8x16.bitmask
          (v128.or
            (v128.or
              (v128.and (local.get $bytes) (i8x16.splat (local.get $high)))
              (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 32))))
            (v128.or
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 34)))
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 92)))))))
      (if (i32.eqz (local.get $stops))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $step))))
    (i32.add (local.get $at) (i32.ctz (local.get $stops)))))
