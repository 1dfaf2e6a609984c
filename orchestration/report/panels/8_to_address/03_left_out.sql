select
    refusal as refusal_code,
    refusal_name_en as refusal_en,
    refusal_name_zh as refusal_zh,
    count(*) as places,
    count(distinct customer_id) as customers
from marts.audiences
where audience_status = 'excluded'
group by refusal, refusal_name_en, refusal_name_zh
order by places desc, refusal
