select
    said_month,
    buyer_count as buyers,
    heard_customer_count as heard_customers,
    response_share,
    csat_count as csat_answers,
    satisfied_share,
    low_satisfied_share,
    high_satisfied_share,
    nps_count as nps_answers,
    nps,
    low_nps,
    high_nps,
    review_count as reviews,
    mean_review_score
from marts.satisfaction
where segment_code = 'all' and touchpoint = 'all' and csat_count + nps_count + review_count > 0
qualify said_month > max(said_month) over () - interval '12' month
order by said_month
