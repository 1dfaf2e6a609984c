-- Steps of the funnel that broke within the last seven days, the worst first.
select
    funnel.channel,
    funnel.step,
    max(funnel.started_on) as last_on,
    min(funnel.week_deviations) as week_deviations,
    arg_min(funnel.week_share, funnel.week_deviations) as week_share,
    arg_min(funnel.usual_week_share, funnel.week_deviations) as usual_week_share
from marts.funnel_daily as funnel
cross join marts.publication as publication
where funnel.is_broken and funnel.started_on >= publication.as_of_date - 7
group by funnel.channel, funnel.step
order by min(funnel.week_deviations), funnel.channel, funnel.step
