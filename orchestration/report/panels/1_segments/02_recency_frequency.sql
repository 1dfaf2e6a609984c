select
    r_score,
    f_score,
    count(*) as customers,
    (sum(spend_amount) / count(*))::double as average_amount
from marts.customer_rfm
where is_latest and r_score is not null and f_score is not null
group by r_score, f_score
order by r_score desc, f_score desc
