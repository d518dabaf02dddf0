// SPDX-License-Identifier: GPL-2.0
/*
 * What the virtual Pi has of a Raspberry Pi's board: a thermometer, and the firmware's word on the supply, which the
 * kernel's own raspberrypi-hwmon asks for. Root sets both below /sys/module/rpi_board/parameters.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sysfs.h>
#include <linux/thermal.h>
#include <soc/bcm2835/raspberrypi-firmware.h>

/* Bits of RPI_FIRMWARE_GET_THROTTLED. */
#define UNDERVOLTAGE_NOW 0
#define UNDERVOLTAGE_STICKY 16

static int millidegrees = 45000;
module_param(millidegrees, int, 0644);
MODULE_PARM_DESC(millidegrees, "What the thermometer says");

static bool silent;
module_param(silent, bool, 0644);
MODULE_PARM_DESC(silent, "Neither thermometer nor firmware answers");

static unsigned long throttled;

static int undervoltage_set(const char *text, const struct kernel_param *kp)
{
	bool low;
	int ret = kstrtobool(text, &low);

	if (ret)
		return ret;
	assign_bit(UNDERVOLTAGE_NOW, &throttled, low);
	if (low)
		set_bit(UNDERVOLTAGE_STICKY, &throttled);
	return 0;
}

static int undervoltage_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%c\n", test_bit(UNDERVOLTAGE_NOW, &throttled) ? 'Y' : 'N');
}

static const struct kernel_param_ops undervoltage_ops = {
	.set = undervoltage_set,
	.get = undervoltage_get,
};
module_param_cb(undervoltage, &undervoltage_ops, NULL, 0644);
MODULE_PARM_DESC(undervoltage, "The supply is too low; a dip is kept until it is asked for");

/* Whoever asks names the bits whose sticky twins are to be forgotten; one that still holds stays. */
int rpi_firmware_property(struct rpi_firmware *fw, u32 tag, void *data, size_t len)
{
	u32 *word = data;
	u32 forget;

	if (silent)
		return -EIO;
	if (tag != RPI_FIRMWARE_GET_THROTTLED || len != sizeof(*word))
		return -EINVAL;
	forget = *word;
	*word = READ_ONCE(throttled);
	if ((forget & BIT(UNDERVOLTAGE_NOW)) && !test_bit(UNDERVOLTAGE_NOW, &throttled))
		clear_bit(UNDERVOLTAGE_STICKY, &throttled);
	return 0;
}
EXPORT_SYMBOL_GPL(rpi_firmware_property);

static int rpi_board_get_temp(struct thermal_zone_device *zone, int *temp)
{
	if (silent)
		return -EIO; /* as bcm2711_thermal */
	*temp = millidegrees;
	return 0;
}

static const struct thermal_zone_device_ops zone_ops = {
	.get_temp = rpi_board_get_temp,
};

static struct platform_device *board, *supply;
static struct thermal_zone_device *zone;

static int __init rpi_board_init(void)
{
	int ret;

	board = platform_device_register_simple("rpi-board", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(board))
		return PTR_ERR(board);
	supply = platform_device_register_data(&board->dev, "raspberrypi-hwmon", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(supply)) {
		ret = PTR_ERR(supply);
		goto no_supply;
	}
	/* Without a critical mark: the kernel would go down by itself. */
	zone = thermal_tripless_zone_device_register("cpu-thermal", NULL, &zone_ops, NULL);
	if (IS_ERR(zone)) {
		ret = PTR_ERR(zone);
		goto no_zone;
	}
	ret = thermal_zone_device_enable(zone);
	if (!ret)
		return 0;
	thermal_zone_device_unregister(zone);
no_zone:
	platform_device_unregister(supply);
no_supply:
	platform_device_unregister(board);
	return ret;
}

static void __exit rpi_board_exit(void)
{
	thermal_zone_device_unregister(zone);
	platform_device_unregister(supply);
	platform_device_unregister(board);
}

module_init(rpi_board_init);
module_exit(rpi_board_exit);
MODULE_DESCRIPTION("Thermometer and supply of a virtual Raspberry Pi");
MODULE_LICENSE("GPL");
