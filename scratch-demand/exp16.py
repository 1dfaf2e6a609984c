# does a pooled quantile of sums over 1,2,4,8 weeks hold out of time? and coverage of the 80 % interval by horizon; leaf level
from exp8 import *
BIN=np.array([.25,.5,1,2,4,8,16,32])
for n,origins,test in (('w20',range(60,149,8),116),('world',range(40,97,8),80),('complete_journey',range(16,45,4),32)):
    Y,prod,store,cat,daily,first=build(n); W=Y.shape[1]; names,M=(events(first,W) if daily is not None else (None,None)); pool=[]
    res={}
    for o in origins:
        w=factors(daily,M,o,4)[:o+H] if daily is not None else np.ones(o+H)
        past=Y[:,:o]; s=(past[:,-52:]>0).sum(1)>=8; P=past[s]; f=np.where((P>0).any(1),(P>0).argmax(1),0)
        al=np.array([.95 if n!='complete_journey' else .9])[0]; wt=al**np.arange(o-1,-1,-1); cw=np.cumsum((wt*w[:o])[::-1])[::-1]; m=(P@wt)/cw[f]   # ratio: sum of sales by sum of factors
        F=np.maximum(m[:,None]*w[o:o+H],.02); A=Y[s][:,o:o+H]
        for h in (1,2,4,8):
            Fs,As=F[:,:h].sum(1),A[:,:h].sum(1); z=(As-Fs)/np.sqrt(Fs); b=np.searchsorted(BIN,Fs/h)
            if o>=test:
                for q in (.5,.8,.9,.95,.98,.99):
                    for k in range(len(BIN)+1):
                        past_=[zz[bb==k] for oo,hh,zz,bb in pool if hh==h and oo+h<=o]; past_=np.concatenate(past_) if past_ else np.array([])
                        if len(past_)<300: past_=np.concatenate([zz[np.abs(bb-k)<=2] for oo,hh,zz,bb in pool if hh==h and oo+h<=o])
                        t=b==k
                        if t.any():
                            up=np.floor(Fs[t]+np.quantile(past_,q)*np.sqrt(Fs[t])+1e-9); r=res.setdefault((h,q),np.zeros(4)); r+=[t.sum(),(As[t]<=up).sum(),np.minimum(As[t],np.maximum(up,0)).sum(),As[t].sum()]
            pool.append((o,h,z,b))
    print(n,'share at most the quantile (and units met): ',{f'{h}w q{q}':(round(r[1]/r[0],3),round(r[2]/r[3],3)) for (h,q),r in res.items()})
