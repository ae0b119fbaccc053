# SPDX-License-Identifier: Apache-2.0
import octobot_services.services as services


class OldService(services.AbstractService):
    pass
