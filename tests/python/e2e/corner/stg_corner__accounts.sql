with source as (

    select * from {{ source('corner', 'members') }}

),

renamed as (

    select
        {{ source_key('corner', 'member_no') }} as account_id,
        _line, _batch, _landed_at
    from source

)

select * from renamed
