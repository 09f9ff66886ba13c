/* Macs that exist with one chip only, by model identifier. */
#ifndef SUBMIT_DEVICE_MAC_MODELS_H
#define SUBMIT_DEVICE_MAC_MODELS_H

/* "MacBookAir10,1" → "Apple M1"; NULL for NULL and for any other. */
const char *mac_model_chip(const char *model);

#endif
