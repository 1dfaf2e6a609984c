select * from {{ ref('int_channel_spend_checked') }}
where row_status = 'quarantined'
