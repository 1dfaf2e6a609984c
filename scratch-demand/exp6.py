import numpy as np,duckdb,datetime as d,time,warnings; warnings.filterwarnings('ignore')
from exp5 import events,factors
import exp1; from exp1 import BASE,SF,ses,meank
import statsforecast.models as m
H=8
c=duckdb.connect(); c.execute('set threads=1')
p="world20k/truth/demand.parquet"
[(a,b)]=c.execute(f"select min(demanded_on),max(demanded_on) from '{p}'").fetchall(); print(a,b)
first=a+d.timedelta((7-a.weekday())%7); weeks=((b-first).days+1)//7
r=c.execute(f"select store_id||'|'||product_id k, demanded_on-date '{first}' dd, demand_quantity q, sold_quantity s from '{p}' where demanded_on>='{first}'").fetchnumpy()
k,i=np.unique(r['k'].astype(str),return_inverse=True); dd=r['dd'].astype(int); ok=dd<weeks*7
D=np.zeros((len(k),weeks*7),np.float32); S=D.copy(); np.add.at(D,(i[ok],dd[ok]),r['q'][ok]); np.add.at(S,(i[ok],dd[ok]),r['s'][ok])
np.savez('w20.npz',D=D,S=S,k=k); print(D.shape,D.sum(),S.sum())
Y=D.reshape(len(k),weeks,7).sum(2).astype(float); prod=np.array([x.split('|')[1] for x in k]); P,pi=np.unique(prod,return_inverse=True)
cat=np.array([int(x[-5:])%10 for x in P])
YP=np.zeros((len(P),weeks)); np.add.at(YP,pi,Y); YC=np.zeros((10,weeks)); np.add.at(YC,cat,YP)
daily=D.sum(0); names,M=events(first,weeks)
tot=YC.sum(0); print('total weekly',np.round(tot[:156]/tot.mean(),2))
sfun={'ETS':lambda:m.AutoETS(season_length=1),'DOT':lambda:m.DynamicOptimizedTheta(1),'SESopt':lambda:m.SimpleExponentialSmoothingOptimized(),'MSTL52':lambda:m.MSTL(season_length=52,trend_forecaster=m.AutoETS(season_length=1,model='ZZN')),'Theta52':lambda:m.DynamicOptimizedTheta(52),'ETS52':lambda:m.SeasonalExponentialSmoothingOptimized(season_length=52),'IMAPA':lambda:m.IMAPA(),'TBATS':None}
def season(daily,w,o,smooth=5):
    t=daily[:7*o].reshape(-1,7).sum(1)/w[:o]; tr=np.convolve(np.pad(t,26,mode='edge'),np.r_[.5,np.ones(51),.5]/52,'valid')[:o]
    r=t/tr; r=np.convolve(np.pad(r,smooth//2,mode='edge'),np.ones(smooth)/smooth,'valid'); g=np.ones(o+H)
    for j in range(o+H):
        v=[r[q] for q in range(j%52,o,52) if 13<=q<o-13] ; g[j]=np.mean(v) if v else 1
    return g
def go(name,Y,origins,sf):
    acc={};T={}
    for o in origins:
        past,fut=Y[:,:o],Y[:,o:o+H]; w=factors(daily,M,o,4)[:o+H]; g=w*season(daily,w,o)**.7
        for tag,adj in (('',np.ones(o+H)),('+fest',w),('+fest+seas',g)):
            q=past/adj[:o]
            Fs={n:BASE[n](q) for n in ('naive','mean4','mean8','mean13','mean26','all','ses.05','ses.1','ses.2','ses.3','snaive','tsb.05','med13')}
            Fs['comb:ses']=(Fs['ses.05']+Fs['ses.1']+Fs['ses.2']+Fs['ses.3'])/4
            if tag!='+fest':
              for s in sf:
                t=time.perf_counter(); Fs[s]=np.maximum(np.array([sfun[s]().forecast(y=y.astype(np.float64),h=H)['mean'] for y in q]),0); T[s]=T.get(s,0)+time.perf_counter()-t
            for n,F in Fs.items():
                if n=='snaive' and tag: F=F*adj[o:o+H]/1
                else: F=F*adj[o:o+H]
                acc.setdefault(n+tag,[]).append((np.abs(F-fut).sum(),fut.sum(),(F-fut).sum(),((F-fut)**2).sum()))
    print('==',name,len(Y),'mean/week',Y.mean())
    for n,v in sorted(acc.items(),key=lambda kv:sum(x[0] for x in kv[1])):
        v=np.array(v); s=v.sum(0); print(f'{n:18s} wape {s[0]/s[1]:.4f} bias {s[2]/s[1]:+.3f} rmse {np.sqrt(s[3]/len(Y)/H/len(origins)):.3f} ms {1000*T.get(n,0)/len(Y)/len(origins)/2:.1f}',np.round(v[:,0]/v[:,1],3))
O=[112,118,124,130,136,142,148]
O=[o for o in O if o+H<=weeks]

go('product',YP,O[::2],['DOT','SESopt'])
go('product_store',Y,O[::3],['SESopt','IMAPA'])
