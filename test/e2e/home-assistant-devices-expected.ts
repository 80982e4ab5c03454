/** What Home Assistant should show of an entity, in one line. `disabled`: it has no state at first. */
export type Line = string;

/** `platform key "name" class unit state_class category = state`, `-` for what it does not have. */
export const router: readonly Line[] = [
  'binary_sensor reachable "Hex Reachable" connectivity - - - = on',
  'binary_sensor problem "Hex Problem" problem - - diagnostic = off',
  'binary_sensor wan "Hex WAN" connectivity - - - = on',
  'sensor external_ip "Hex External IP" - - - diagnostic = 198.51.100.7',
  'sensor uptime "Hex Uptime" timestamp - - diagnostic = 2026-11-01T06:30:00+00:00',
  'sensor cpu "Hex CPU usage" - % measurement diagnostic = 7',
  'sensor memory "Hex Memory usage" - % measurement diagnostic = 31',
  'sensor temperature "Hex Temperature" temperature °C measurement diagnostic = 41',
  'sensor clients "Hex Clients" - - measurement - = 3',
  'update firmware "Hex Firmware" firmware - - diagnostic = on',
  'binary_sensor ether1_running "ether1 running" - - - diagnostic = disabled',
  'sensor ether1_rx_rate "ether1 receive rate" - - - diagnostic = disabled',
  'sensor ether1_tx_rate "ether1 transmit rate" - - - diagnostic = disabled',
  'binary_sensor wlan1_running "wlan1 running" - - - diagnostic = disabled',
  'sensor wlan1_rx_rate "wlan1 receive rate" - - - diagnostic = disabled',
  'sensor wlan1_tx_rate "wlan1 transmit rate" - - - diagnostic = disabled',
];

export const mesh: readonly Line[] = [
  'binary_sensor online "Attic Online" connectivity - - - = on',
  'sensor backhaul_signal "Attic Backhaul signal" signal_strength dBm measurement diagnostic = -61',
  'sensor backhaul_rate "Backhaul rate" - - - diagnostic = disabled',
  'sensor backhaul_band "Attic Backhaul band" enum - - diagnostic = 5 GHz',
  'sensor uplink "Attic Uplink" - - - diagnostic = Alien',
  'sensor clients "Attic Clients" - - measurement - = 2',
  'sensor uptime "Attic Uptime" timestamp - - diagnostic = 2026-11-20T03:00:00+00:00',
];

export const client: readonly Line[] = [
  'device_tracker presence "Phone 1" - - - - = home',
  'binary_sensor connected "Phone 1 Connected" connectivity - - - = on',
  'sensor ip "Phone 1 IP address" - - - diagnostic = 192.0.2.77',
  'sensor access_point "Phone 1 Access point" - - - - = Attic',
  'sensor band "Phone 1 Band" enum - - - = 5 GHz',
  'sensor signal "Phone 1 Signal" signal_strength dBm measurement diagnostic = -57',
  'sensor signal_quality "Phone 1 Signal quality" - % measurement diagnostic = 83',
  'sensor download_rate "Phone 1 Download speed" data_rate Mbit/s measurement - = 12',
  'sensor upload_rate "Phone 1 Upload speed" data_rate Mbit/s measurement - = 0.05',
  'sensor received "Phone 1 Data received" data_size MB total_increasing - = 1234.5',
  'sensor sent "Phone 1 Data sent" data_size MB total_increasing - = 9.9',
  'sensor received_today "Phone 1 Data received today" data_size MB total_increasing - = 5',
  'sensor sent_today "Phone 1 Data sent today" data_size MB total_increasing - = 0',
  'sensor received_month "Data received this month" - - - - = disabled',
  'sensor sent_month "Data sent this month" - - - - = disabled',
  'sensor last_seen "Last seen" - - - diagnostic = disabled',
];
