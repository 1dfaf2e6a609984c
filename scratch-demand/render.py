import duckdb,jinja2,re,sys,pathlib,time
W='./models/intermediate/merchandise/'
con=duckdb.connect(); con.execute("attach 'BASE16/%s/warehouse.duckdb' as w (read_only)"%(sys.argv[1])); con.execute('set threads=1')
made={}
V={'demand_horizon_weeks':8,'festival_calendar':'cn' if sys.argv[1]=='world' else 'us','festival_prior_days':4,'demand_min_weeks':8,'lost_sales_decay':0.05,'demand_new_weeks':13,'demand_intermittent_interval':1.32}
def ref(n):
    if n in made: return n
    for s in ('marts','intermediate','reference'):
        if con.execute("select count(*) from information_schema.tables where table_catalog='w' and table_schema=? and table_name=?",[s,n]).fetchone()[0]: return f'w.{s}.{n}'
    return f"read_csv('./seeds/{n}.csv')"
class D: 
    @staticmethod
    def generate_series(n): return f'select generate_series as generated_number from generate_series(1,{n})'
env=jinja2.Environment()
ctx=dict(ref=ref,var=lambda n:V[n],whole_number=lambda n,m=0:V[n],dbt=D,days_between=lambda a,b:f"({b}-{a})",iso_weekday=lambda x:f'isodow({x})',accepted=lambda e:f"(select * from w.entities.int_{e}_validated where row_status='accepted')")
for n in sys.argv[2:]:
    t=time.time(); sql=env.from_string(open(W+n+'.sql').read()).render(**ctx)
    con.execute(f'create temp table {n} as {sql}'); made[n]=1
    print(n,con.execute(f'select count(*) from {n}').fetchone(),round(time.time()-t,2))
    print('  ',con.execute(f'describe {n}').fetchall().__str__()[:400])
for q in open('queries.sql').read().split(';'):
    if q.strip():
        try: print(con.execute(q).fetchall())
        except Exception as e: print('!!',q[:60],e)
