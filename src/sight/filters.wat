;; Filters for grey pictures, 8 or 16 pixels at a time. One byte a pixel, rows without gaps, 16 pixels or more in a row.
;; Whoever calls keeps the places apart and inside the memory: nothing is checked here but by the machine itself.
(module
  (memory (export "memory") 1)

  ;; A quarter of the pixels, each the mean of four. `width` and `height` are those of the source; both at least 32 and 2.
  (func (export "halve") (param $source i32) (param $target i32) (param $width i32) (param $height i32)
    (local $columns i32) (local $rows i32) (local $x i32) (local $upper i32) (local $from i32)
    (local.set $columns (i32.shr_u (local.get $width) (i32.const 1)))
    (local.set $rows (i32.shr_u (local.get $height) (i32.const 1)))
    (loop $row
      (local.set $upper (local.get $source))
      (local.set $x (i32.const 0))
      (loop $step
        ;; The last step of a row begins so early that it ends with the row.
        (if (i32.gt_u (i32.add (local.get $x) (i32.const 16)) (local.get $columns))
          (then (local.set $x (i32.sub (local.get $columns) (i32.const 16)))))
        (local.set $from (i32.add (local.get $upper) (i32.shl (local.get $x) (i32.const 1))))
        (v128.store (i32.add (local.get $target) (local.get $x))
          (i8x16.narrow_i16x8_u
            (call $meanOfFour (local.get $from) (local.get $width))
            (call $meanOfFour (i32.add (local.get $from) (i32.const 16)) (local.get $width))))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $step (i32.lt_u (local.get $x) (local.get $columns))))
      (local.set $source (i32.add (local.get $source) (i32.shl (local.get $width) (i32.const 1))))
      (local.set $target (i32.add (local.get $target) (local.get $columns)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $row (local.get $rows))))

  (func $meanOfFour (param $from i32) (param $width i32) (result v128)
    (i16x8.shr_u
      (i16x8.add
        (i16x8.add
          (i16x8.extadd_pairwise_i8x16_u (v128.load (local.get $from)))
          (i16x8.extadd_pairwise_i8x16_u (v128.load (i32.add (local.get $from) (local.get $width)))))
        (v128.const i16x8 2 2 2 2 2 2 2 2))
      (i32.const 2)))

  ;; mean + gain * (level - mean), where the mean is that of the square of 2 * reach + 1 pixels around; rows and columns of
  ;; the edge stand for what lies outside. A gain of 0 smooths, 1 changes nothing, more sharpens.
  ;; `sums`: room for (width + 32) * 3 bytes. `share`: 32768 over the pixels of the square; reach at most 5, gain at most 64.
  (func (export "contrast")
    (param $source i32) (param $target i32) (param $sums i32)
    (param $width i32) (param $height i32) (param $reach i32) (param $share i32) (param $gain i32)
    (local $y i32) (local $column i32) (local $x i32) (local $tap i32) (local $end i32) (local $nothing i32)
    (local $sum v128) (local $shares v128) (local $gains v128) (local $mean v128)
    (local.set $shares (i16x8.splat (local.get $share)))
    (local.set $gains (i16x8.splat (local.get $gain)))
    (local.set $column (i32.add (local.get $sums) (i32.const 32)))
    (local.set $nothing (i32.add (local.get $sums) (i32.shl (i32.add (local.get $width) (i32.const 32)) (i32.const 1))))
    (memory.fill (local.get $sums) (i32.const 0) (i32.mul (i32.add (local.get $width) (i32.const 32)) (i32.const 3)))
    (local.set $y (i32.sub (i32.const 0) (local.get $reach)))
    (loop $first
      ;; Nothing leaves yet: a row of zeros behind the sums.
      (call $nextRow (local.get $column)
        (call $row (local.get $source) (local.get $y) (local.get $width) (local.get $height))
        (local.get $nothing) (local.get $width))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $first (i32.le_s (local.get $y) (local.get $reach))))
    (local.set $y (i32.const 0))
    (loop $line
      (call $mirrorEdges (local.get $column) (local.get $width))
      (local.set $x (i32.const 0))
      (loop $step
        (if (i32.gt_u (i32.add (local.get $x) (i32.const 8)) (local.get $width))
          (then (local.set $x (i32.sub (local.get $width) (i32.const 8)))))
        (local.set $tap (i32.add (local.get $column) (i32.shl (i32.sub (local.get $x) (local.get $reach)) (i32.const 1))))
        (local.set $end (i32.add (local.get $tap) (i32.shl (local.get $reach) (i32.const 2))))
        (local.set $sum (v128.load (local.get $tap)))
        (loop $taps
          (local.set $tap (i32.add (local.get $tap) (i32.const 4)))
          (local.set $sum (i16x8.add (local.get $sum)
            (i16x8.add (v128.load offset=0 (i32.sub (local.get $tap) (i32.const 2))) (v128.load (local.get $tap)))))
          (br_if $taps (i32.lt_u (local.get $tap) (local.get $end))))
        (local.set $mean (i16x8.q15mulr_sat_s (local.get $sum) (local.get $shares)))
        (local.set $sum (i16x8.add (local.get $mean)
          (i16x8.mul (local.get $gains)
            (i16x8.sub (v128.load8x8_u (i32.add (local.get $source) (i32.add (i32.mul (local.get $y) (local.get $width)) (local.get $x))))
              (local.get $mean)))))
        (v128.store64_lane 0 (i32.add (local.get $target) (i32.add (i32.mul (local.get $y) (local.get $width)) (local.get $x)))
          (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))
        (local.set $x (i32.add (local.get $x) (i32.const 8)))
        (br_if $step (i32.lt_u (local.get $x) (local.get $width))))
      (call $nextRow (local.get $column)
        (call $row (local.get $source) (i32.add (i32.add (local.get $y) (local.get $reach)) (i32.const 1)) (local.get $width) (local.get $height))
        (call $row (local.get $source) (i32.sub (local.get $y) (local.get $reach)) (local.get $width) (local.get $height))
        (local.get $width))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $line (i32.lt_u (local.get $y) (local.get $height)))))

  ;; Where a row begins; rows outside are those of the edge.
  (func $row (param $source i32) (param $y i32) (param $width i32) (param $height i32) (result i32)
    (if (i32.lt_s (local.get $y) (i32.const 0)) (then (local.set $y (i32.const 0))))
    (if (i32.ge_s (local.get $y) (local.get $height))
      (then (local.set $y (i32.sub (local.get $height) (i32.const 1)))))
    (i32.add (local.get $source) (i32.mul (local.get $y) (local.get $width))))

  ;; The sums of the columns, one row further down.
  (func $nextRow (param $column i32) (param $entering i32) (param $leaving i32) (param $width i32)
    (local $x i32) (local $at i32)
    (loop $step
      (local.set $at (i32.add (local.get $column) (i32.shl (local.get $x) (i32.const 1))))
      (if (i32.le_u (i32.add (local.get $x) (i32.const 8)) (local.get $width))
        (then
          (v128.store (local.get $at)
            (i16x8.add (v128.load (local.get $at))
              (i16x8.sub (v128.load8x8_u (i32.add (local.get $entering) (local.get $x)))
                (v128.load8x8_u (i32.add (local.get $leaving) (local.get $x))))))
          (local.set $x (i32.add (local.get $x) (i32.const 8))))
        (else
          (i32.store16 (local.get $at)
            (i32.add (i32.load16_u (local.get $at))
              (i32.sub (i32.load8_u (i32.add (local.get $entering) (local.get $x)))
                (i32.load8_u (i32.add (local.get $leaving) (local.get $x))))))
          (local.set $x (i32.add (local.get $x) (i32.const 1)))))
      (br_if $step (i32.lt_u (local.get $x) (local.get $width)))))

  ;; Eight columns more on either side, each like the one at the edge.
  (func $mirrorEdges (param $column i32) (param $width i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $column) (i32.shl (local.get $width) (i32.const 1))))
    (v128.store (i32.sub (local.get $column) (i32.const 16)) (v128.load16_splat (local.get $column)))
    (v128.store (local.get $end) (v128.load16_splat (i32.sub (local.get $end) (i32.const 2)))))

  ;; The brightest of each pixel and `reach` neighbours on either side of it, `stride` bytes apart: 1 along a row, the row's width
  ;; along a column. With `flip` of 255 the darkest. Of `count` bytes the first and last `reach * stride` stay as they are, and
  ;; the ends of a row see those of the next; at least 16 must lie between.
  (func (export "extreme") (param $source i32) (param $target i32) (param $count i32) (param $stride i32) (param $reach i32) (param $flip i32)
    (local $at i32) (local $last i32) (local $tap i32) (local $end i32) (local $margin i32) (local $flips v128) (local $most v128)
    (local.set $flips (i8x16.splat (local.get $flip)))
    (local.set $margin (i32.mul (local.get $reach) (local.get $stride)))
    (memory.copy (local.get $target) (local.get $source) (local.get $count))
    (local.set $at (local.get $margin))
    (local.set $last (i32.sub (i32.sub (local.get $count) (local.get $margin)) (i32.const 16)))
    (loop $step
      (if (i32.gt_u (local.get $at) (local.get $last)) (then (local.set $at (local.get $last))))
      (local.set $tap (i32.sub (i32.add (local.get $source) (local.get $at)) (local.get $margin)))
      (local.set $end (i32.add (local.get $tap) (i32.shl (local.get $margin) (i32.const 1))))
      (local.set $most (v128.xor (local.get $flips) (v128.load (local.get $tap))))
      (loop $taps
        (local.set $tap (i32.add (local.get $tap) (local.get $stride)))
        (local.set $most (i8x16.max_u (local.get $most) (v128.xor (local.get $flips) (v128.load (local.get $tap)))))
        (br_if $taps (i32.lt_u (local.get $tap) (local.get $end))))
      (v128.store (i32.add (local.get $target) (local.get $at)) (v128.xor (local.get $flips) (local.get $most)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $step (i32.lt_u (local.get $at) (i32.add (local.get $last) (i32.const 16))))))

  ;; 128 + gain * (level - light): what is left when the light that falls on a scene is taken away. `count` at least 8.
  (func (export "flatten") (param $source i32) (param $light i32) (param $target i32) (param $count i32) (param $gain i32)
    (local $at i32) (local $gains v128) (local $sum v128)
    (local.set $gains (i16x8.splat (local.get $gain)))
    (loop $step
      (if (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $count))
        (then (local.set $at (i32.sub (local.get $count) (i32.const 8)))))
      (local.set $sum (i16x8.add (v128.const i16x8 128 128 128 128 128 128 128 128)
        (i16x8.mul (local.get $gains)
          (i16x8.sub (v128.load8x8_u (i32.add (local.get $source) (local.get $at)))
            (v128.load8x8_u (i32.add (local.get $light) (local.get $at)))))))
      (v128.store64_lane 0 (i32.add (local.get $target) (local.get $at))
        (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $step (i32.lt_u (local.get $at) (local.get $count)))))
)
