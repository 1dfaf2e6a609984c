select
    campaign_id,
    source_system,
    source_campaign_id,

    campaign_name,
    objective,
    channel,
    assignment,

    starts_on,
    ends_on
from {{ accepted('campaigns') }}
