# festivals as known regressors: factors by event from daily totals, shrunk; origins rolling; world
import numpy as np,csv,duckdb,datetime as d,sys
H=8
def events(first,weeks):
    ev=[(r['event'],d.date.fromisoformat(r['first_on']),d.date.fromisoformat(r['last_on'])) for r in csv.DictReader(open('./seeds/calendar_events.csv')) if r['calendar']=='cn']
    names=sorted({e for e,_,_ in ev}); M=np.zeros((len(names),weeks*7))
    for e,f,l in ev:
        a,b=(f-first).days,(l-first).days+1
        if b>0 and a<weeks*7: M[names.index(e),max(a,0):b]=1
    return names,M
def factors(daily,M,o,K):
    """daily totals up to 7*o; each event's factor against the weekday and the median level around"""
    T=7*o; y=daily[:T]; wk=y.reshape(-1,7); any_=M[:,:T].any(0)
    lev=np.array([np.median(wk[max(0,i-4):i+5].sum(1)) for i in range(o)])/7
    dow=np.array([y[(np.arange(T)%7==k)&~any_].sum()/ (lev[np.arange(T)//7][(np.arange(T)%7==k)&~any_]).sum() for k in range(7)])
    exp=lev[np.arange(T)//7]*dow[np.arange(T)%7]
    f=np.ones(M.shape[1])
    for e in range(len(M)):
        on=M[e,:T]>0; n=on.sum()
        if n: fe=np.exp(n/(n+K)*np.log(max(y[on].sum(),1)/exp[on].sum())); f[M[e]>0]*=fe
    w=np.array([(f[7*i:7*i+7]*dow).sum()/dow.sum() for i in range(M.shape[1]//7)])
    return w
def ses(Y,a):
    l=Y[:,:8].mean(1)
    for t in range(Y.shape[1]): l=l+a*(Y[:,t]-l)
    return np.repeat(l[:,None],H,1)
def go(name,Y,daily,first,origins):
    names,M=events(first,Y.shape[1]); acc={}
    for o in origins:
        past,fut=Y[:,:o],Y[:,o:o+H]
        for K in (None,0,2,4,8):
            w=np.ones(Y.shape[1]) if K is None else factors(daily,M,o,K)
            for a in (.05,.1,.2):
                F=ses(past/w[:o],a)*w[o:o+H]; acc.setdefault((K,a),[]).append((np.abs(F-fut).sum(),fut.sum(),(F-fut).sum(),((F-fut)**2).sum()))
            F=np.repeat((past/w[:o])[:,-4:].mean(1)[:,None],H,1)*w[o:o+H]; acc.setdefault((K,'mean4'),[]).append((np.abs(F-fut).sum(),fut.sum(),(F-fut).sum(),((F-fut)**2).sum()))
            if o>=104:
                # seasonal shape by pooled week of the year, two years: ratio of total to its 53-week mean
                tot=daily[:7*o].reshape(-1,7).sum(1)/w[:o]; tr=np.convolve(tot,np.ones(52)/52,'same')
                r=tot/tr; sm=np.convolve(np.r_[r,r,r],np.ones(5)/5,'same')[o:2*o]
                idx=np.array([np.mean([sm[j] for j in range(t-52,-1,-52) if 26<=j<o-26] or [1]) for t in range(o+H)])
                idx[:52]=[np.mean([sm[j] for j in range(t%52,o,52) if 26<=j<o-26] or [1]) for t in range(52)]
                for s in (.5,1):
                    g=w*idx**s; F=ses(past/g[:o],.1)*g[o:o+H]; acc.setdefault((K,f'seas{s}'),[]).append((np.abs(F-fut).sum(),fut.sum(),(F-fut).sum(),((F-fut)**2).sum()))
        if o>=52:
            F=Y[:,o-52:o-52+H]; acc.setdefault(('snaive',''),[]).append((np.abs(F-fut).sum(),fut.sum(),(F-fut).sum(),((F-fut)**2).sum()))
    for k,v in acc.items(): v=np.array(v); s=v.sum(0); print(name,k,f'wape {s[0]/s[1]:.4f} bias {s[2]/s[1]:+.3f} rmse {np.sqrt(s[3]/Y.shape[0]/H/len(origins)):.3f}  by origin',np.round(v[:,0]/v[:,1],3))
if __name__=='__main__':
    z=np.load('world.npz'); c=duckdb.connect('BASE16/world/warehouse.duckdb',read_only=True); c.execute('set threads=1')
    r=c.execute("select l.ordered_on-date '2024-07-01' dd,sum(l.quantity)::double q from marts.order_lines l join marts.orders o using(order_id) where is_purchase and l.quantity>0 and l.quantity<200 group by 1").fetchnumpy()
    daily=np.zeros(730+7); daily[r['dd']]=r['q']; daily=daily[:728]
    for lev in ('category','product'): go(lev,z[lev].astype(float),daily,d.date(2024,7,1),[72,80,88,96])
