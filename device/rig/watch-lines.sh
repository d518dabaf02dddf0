#!/usr/bin/env bash
# gpio-sim.c from stdin to stdout, with two additions: each level that an output is driven to is told on the kernel's
# console with the monotonic clock's microseconds, so that no twitch is too short to be seen from outside; and with
# persist=1 a line that is let go stays as it was driven, as newer kernels do on a Raspberry Pi.
set -euo pipefail
awk '
  { print }
  /^static DEFINE_IDA\(gpio_sim_ida\);/ {
    print ""
    print "static bool persist;"
    print "module_param(persist, bool, 0644);"
    print "static void rig_tell(unsigned int offset, int value)"
    print "{"
    print "\tpr_alert(\"rig-line %u %d %llu\\n\", offset, !!value, ktime_get_ns() / 1000);"
    print "}"
  }
  /^static void gpio_sim_set\(/ { inside = "set" }
  /^static int gpio_sim_direction_output\(/ { inside = "output" }
  /^static void gpio_sim_free\(/ { inside = "free" }
  /^static void gpio_sim_set_multiple\(/ { inside = "multiple" }
  /struct gpio_sim_chip \*chip = gpiochip_get_data\(gc\);/ && inside == "multiple" { print "\tunsigned int at;" }
  /^$/ && inside != "" {
    if (inside == "free") {
      print "\tif (!test_bit(offset, chip->direction_map))"
      print "\t\trig_tell(offset, test_bit(offset, persist ? chip->value_map : chip->pull_map));"
    } else if (inside == "multiple") print "\tfor_each_set_bit(at, mask, gc->ngpio)\n\t\trig_tell(at, test_bit(at, bits));"
    else print "\trig_tell(offset, value);"
    inside = ""
  }
' | awk '
  /^static void gpio_sim_free\(/ { freeing = 1 }
  freeing && /__assign_bit\(offset, chip->value_map,/ { print "\t\tif (!persist)"; sub(/^\t\t/, "\t\t\t") ; freeing = 0 }
  { print }
'
