import numpy as np,sys,time; sys.path.insert(0,'.'); sys.argv=['x']
from exp8 import build,nodes
from exp5 import events
import importlib.util
from orchestration.fit import demand as f
for n in ('w20','world','complete_journey'):
    Y,prod,store,cat,daily,first=build(n); W=Y.shape[1]; t0=time.time()
    if daily is not None:
        names,M=events(first,W); ev=np.where(M.any(0),M.argmax(0),-1); wd=np.arange(W*7)%7
    tr={L:f.Trials() for L in ('category','product','product_store')}; out={}
    O=f.origins(W,14 if n!='complete_journey' else 8,4)
    for o in O:
        w=f.festival_factors(daily,ev,wd,o*7,4.) if daily is not None else np.ones(W)
        YC,YP,pp,YL,lp,a,b=nodes(Y,prod,store,cat,o)
        base={}
        for L,A in (('category',YC),('product',YP),('product_store',YL)):
            r=f.rates(A[:,:o].astype(float),w[:o]); k=f.kinds(A[:,:o]); F=np.zeros(len(A)); mm=1 if L==f.SQUARED_AT else 0
            for K in f.KINDS:
                s=k==K
                if not s.any(): continue
                wt=tr[L].chosen(K,o,mm); F[s]=sum(x*r[m][s] for m,x in wt.items())
                for m in (*f.RATES,'mixture'):
                    e=r[m][s][:,None]*w[o:o+8]-A[s][:,o:o+8]; tr[L].errors[o,K,m]=np.stack([abs(e).sum(0),(e**2).sum(0)],1)
            base[L]=(A,F,r)
        c=base['category'][1]; p=f.top_down(c,base['product'][1],pp); l=f.top_down(p,base['product_store'][1],lp)
        for L,x in (('category',c),('product',p),('product_store',l)):
            A=base[L][0]; F=np.maximum(x[:,None]*w[o:o+8],f.LEAST); lev=f.Level(L,A,np.ones(len(A)))
            sz=np.searchsorted(f.SIZES,x)
            lo=np.zeros_like(F);hi=np.zeros_like(F)
            for s_ in np.unique(sz):
                i=sz==s_; z=[tr[L].quantile(q,1,s_,o) for q in (.1,.9)]; lo[i]=np.maximum(F[i]+z[0]*np.sqrt(F[i]),0); hi[i]=F[i]+z[1]*np.sqrt(F[i])
            for m,G in (('ours',F),('mean_4',np.repeat(A[:,o-4:o].mean(1)[:,None],8,1)),('naive',np.repeat(A[:,o-1:o],8,1)),('seasonal',A[:,o-52:o-44] if o>=52 else None)):
                if G is None: continue
                for h,sc in f.score(lev,G,lo,hi,o):
                    if o>=O[len(O)//2]:
                        d=out.setdefault((L,m),{}); [d.__setitem__(q,d.get(q,0)+v) for q,v in sc.items()]
            for span in f.SPANS:
                Fs,As=F[:,:span].sum(1),A[:,o:o+span].sum(1); tr[L].deviations.append((o,span,(As-Fs)/np.sqrt(Fs),sz))
    print('==',n,round(time.time()-t0,1),'s',{(L,K):tr[L].chosen(K,W,1 if L==f.SQUARED_AT else 0) for L in tr for K in f.KINDS})
    for (L,m),d in out.items(): print(n,L,m,f"wape {d['absolute_error_amount']/d['actual_amount']:.4f} bias {d['error_amount']/d['actual_amount']:+.3f} rmsse {np.sqrt(d['scaled_squared_error']/d['series_count']):.3f} covered {d['covered_count']/d['series_count']:.3f}")
