with validated as (

    select
        delivered.*,
        case when store_id is null then 'key_missing' end as reason_code
    from {{ ref('int_stores_delivered') }} as delivered

),

{{ deduplicated('validated', 'stores', 'store_id') }}

select * from deduplicated
