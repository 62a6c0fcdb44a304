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
    (i32.add (local.get $at) (i32.ctz (local.get $stops))))

  ;; The first place from $at on that holds one of four bytes; $end, or one behind it, when there is none before.
  (func (export "findAny") (param $at i32) (param $end i32) (param $a i32) (param $b i32) (param $c i32) (param $d i32) (result i32)
    (local $bytes v128)
    (local $found i32)
    (loop $step
      (if (i32.ge_u (local.get $at) (local.get $end))
        (then (return (local.get $end))))
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $found
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $bytes) (i8x16.splat (local.get $a)))
              (i8x16.eq (local.get $bytes) (i8x16.splat (local.get $b))))
            (v128.or
              (i8x16.eq (local.get $bytes) (i8x16.splat (local.get $c)))
              (i8x16.eq (local.get $bytes) (i8x16.splat (local.get $d)))))))
      (if (i32.eqz (local.get $found))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $step))))
    (i32.add (local.get $at) (i32.ctz (local.get $found))))

  ;; The first place from $at on of a dot or a dash that two more follow, each two to four places behind the last, or of a colon that
  ;; another follows within five; $end, or one behind it, when there is none before.
  (func (export "findMarks") (param $at i32) (param $end i32) (result i32)
    (local $dash v128)
    (local $two v128)
    (local $colon v128)
    (local $colons v128)
    (local $first v128)
    (local $second v128)
    (local $third v128)
    (local $four v128)
    (local $five v128)
    (local $six v128)
    (local $seven v128)
    (local $found i32)
    (local.set $dash (i8x16.splat (i32.const 45)))
    (local.set $two (i8x16.splat (i32.const 2)))
    (local.set $colon (i8x16.splat (i32.const 58)))
    (loop $step
      (if (i32.ge_u (local.get $at) (local.get $end))
        (then (return (local.get $end))))
      (local.set $first (i8x16.lt_u (i8x16.sub (v128.load (local.get $at)) (local.get $dash)) (local.get $two)))
      (local.set $second (i8x16.lt_u (i8x16.sub (v128.load offset=2 (local.get $at)) (local.get $dash)) (local.get $two)))
      (local.set $third (i8x16.lt_u (i8x16.sub (v128.load offset=3 (local.get $at)) (local.get $dash)) (local.get $two)))
      (local.set $four (i8x16.lt_u (i8x16.sub (v128.load offset=4 (local.get $at)) (local.get $dash)) (local.get $two)))
      (local.set $colons
        (v128.and
          (i8x16.eq (v128.load (local.get $at)) (local.get $colon))
          (v128.or
            (v128.or
              (i8x16.eq (v128.load offset=1 (local.get $at)) (local.get $colon))
              (i8x16.eq (v128.load offset=2 (local.get $at)) (local.get $colon)))
            (v128.or
              (i8x16.eq (v128.load offset=3 (local.get $at)) (local.get $colon))
              (v128.or
                (i8x16.eq (v128.load offset=4 (local.get $at)) (local.get $colon))
                (i8x16.eq (v128.load offset=5 (local.get $at)) (local.get $colon)))))))
      ;; most steps end here: no two marks are near to each other
      (if
        (i32.eqz
          (v128.any_true
            (v128.or
              (local.get $colons)
              (v128.and
                (local.get $first)
                (v128.or (local.get $second) (v128.or (local.get $third) (local.get $four)))))))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $step)))
      (local.set $five (i8x16.lt_u (i8x16.sub (v128.load offset=5 (local.get $at)) (local.get $dash)) (local.get $two)))
      (local.set $six (i8x16.lt_u (i8x16.sub (v128.load offset=6 (local.get $at)) (local.get $dash)) (local.get $two)))
      (local.set $seven (i8x16.lt_u (i8x16.sub (v128.load offset=7 (local.get $at)) (local.get $dash)) (local.get $two)))
      (local.set $found
        (i8x16.bitmask
          (v128.or
            (local.get $colons)
            (v128.and
              (local.get $first)
              (v128.or
                (v128.or
                  (v128.and
                    (local.get $second)
                    (v128.or (local.get $four) (v128.or (local.get $five) (local.get $six))))
                  (v128.and
                    (local.get $third)
                    (v128.or (local.get $five) (v128.or (local.get $six) (local.get $seven)))))
                (v128.and
                  (local.get $four)
                  (v128.or
                    (v128.or (local.get $six) (local.get $seven))
                    (i8x16.lt_u (i8x16.sub (v128.load offset=8 (local.get $at)) (local.get $dash)) (local.get $two)))))))))
      (if (i32.eqz (local.get $found))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $step))))
    (i32.add (local.get $at) (i32.ctz (local.get $found)))))
