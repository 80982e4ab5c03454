"""Takes the place of the built-in Marketplace, which is always set up and fetches its catalog from the Internet."""


async def async_setup(hass, config):
    return True
