-- A group may have several reasons. Where the marts refuse links for one, they have its name.
with reasons as (
    select
        unnest(string_split(reason_codes, ', ')) as reason_code,
        account_count,
        is_cut
    from marts.identity_review
),

names as (
    select reason_code, max(reason_en) as reason_en, max(reason_zh) as reason_zh
    from marts.identity_refused_links
    group by reason_code
)

select
    reason_code,
    coalesce(max(reason_en), reason_code) as reason_en,
    coalesce(max(reason_zh), reason_code) as reason_zh,
    count(*) as group_count,
    count(*) filter (where is_cut) as cut_count,
    max(account_count) as largest_group
from reasons left join names using (reason_code)
group by reason_code
order by group_count desc, reason_code
