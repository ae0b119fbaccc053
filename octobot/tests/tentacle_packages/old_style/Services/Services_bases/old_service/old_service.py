import octobot_services.services as services


class OldService(services.AbstractService):
    pass
