select
    said_month as calendar_month,
    invited_count as invited,
    invited_answer_count as answers,
    csat_count as csat_answers,
    satisfied_count as satisfied,
    nps_count as nps_answers,
    promoter_count as promoters,
    detractor_count as detractors,
    review_count as reviews,
    mean_review_score
from marts.satisfaction
where segment_code = 'all' and touchpoint = 'all' and csat_count + nps_count + review_count > 0
qualify dense_rank() over (order by said_month desc) <= 12
order by said_month
