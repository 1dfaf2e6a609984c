import numpy as np,time,sys,warnings; warnings.filterwarnings('ignore')
import statsforecast.models as m
H=8
def ses(Y,a):
    l=Y[:,:4].mean(1) if Y.shape[1]>=4 else Y.mean(1)
    for t in range(Y.shape[1]): l=l+a*(Y[:,t]-l)
    return np.repeat(l[:,None],H,1)
def ages(Y):  # weeks since first sale
    has=Y>0; f=np.where(has.any(1),has.argmax(1),Y.shape[1]); return Y.shape[1]-f
def meank(Y,k):
    return np.repeat(Y[:,-k:].mean(1)[:,None],H,1)
def meanage(Y,k):
    n=np.clip(ages(Y),1,k); return np.repeat((Y[:,-k:].sum(1)/n)[:,None],H,1)
def medk(Y,k): return np.repeat(np.median(Y[:,-k:],axis=1)[:,None],H,1)
def tsb(Y,ad,ap):
    d=Y>0; p=d[:,:8].mean(1); z=np.where(d.any(1),Y.sum(1)/np.maximum(d.sum(1),1),0)
    for t in range(Y.shape[1]):
        p=p+ap*(d[:,t]-p); z=np.where(d[:,t],z+ad*(Y[:,t]-z),z)
    return np.repeat((p*z)[:,None],H,1)
def snaive(Y): return Y[:,-52:-52+H] if Y.shape[1]>=52 else None
BASE={'naive':lambda Y:np.repeat(Y[:,-1:],H,1),'snaive':snaive,'mean4':lambda Y:meank(Y,4),'mean8':lambda Y:meank(Y,8),'mean13':lambda Y:meank(Y,13),
 'mean26':lambda Y:meank(Y,26),'all':lambda Y:meanage(Y,400),'med13':lambda Y:medk(Y,13),'zero':lambda Y:np.zeros((len(Y),H)),'ses.05':lambda Y:ses(Y,.05),'ses.1':lambda Y:ses(Y,.1),'ses.2':lambda Y:ses(Y,.2),'ses.3':lambda Y:ses(Y,.3),'tsb.1':lambda Y:tsb(Y,.1,.1),'tsb.05':lambda Y:tsb(Y,.05,.05)}
SF={'ETS':lambda s:m.AutoETS(season_length=1),'ETSdamp':lambda s:m.AutoETS(season_length=1,damped=True),'Theta':lambda s:m.Theta(1) ,'DOT':lambda s:m.DynamicOptimizedTheta(1),'AutoTheta':lambda s:m.AutoTheta(1),
 'SESopt':lambda s:m.SimpleExponentialSmoothingOptimized(),'SBA':lambda s:m.CrostonSBA(),'ADIDA':lambda s:m.ADIDA(),'IMAPA':lambda s:m.IMAPA(),'CrostonOpt':lambda s:m.CrostonOptimized(),'ARIMA':lambda s:m.AutoARIMA(seasonal=False),'CES':lambda s:m.AutoCES(1),
 'MFLES':lambda s:m.MFLES(season_length=52) }
def run(n,level,origins,sub=None,sf=SF.keys(),by=None):
    z=np.load(f'{n}.npz'); Y=z[level].astype(float); P=z[level+'_price']
    if sub is not None:
        keep=np.flatnonzero((Y[:,:origins[0]]>0).sum(1)>=sub[0]); rng=np.random.default_rng(0)
        if sub[1] and len(keep)>sub[1]: keep=np.sort(rng.choice(keep,sub[1],replace=False))
        Y=Y[keep];P=P[keep]
    tot=None; res={}
    T={}
    for o in origins:
        past,fut=Y[:,:o],Y[:,o:o+H]
        sc=np.sqrt(np.maximum((np.diff(past,axis=1)**2).mean(1),1e-9))
        for name,f in BASE.items():
            t=time.perf_counter(); F=f(past); T[name]=T.get(name,0)+time.perf_counter()-t
            if F is None: continue
            res.setdefault(name,[]).append((np.abs(F-fut).sum(0),(F-fut).sum(),fut.sum(0),(P[:,None]*np.abs(F-fut)).sum(),(P[:,None]*fut).sum(), np.sqrt(((F-fut)**2).mean(1))/sc))
        for name in sf:
            t=time.perf_counter(); F=np.zeros_like(fut)
            for i,y in enumerate(past):
                s=np.argmax(y>0); yy=y[s:] if len(y)-s>=4 else y[-8:]
                try: F[i]=SF[name](0).forecast(y=yy.astype(np.float64),h=H)['mean']
                except Exception as e:
                    F[i]=yy[-4:].mean(); T[name+'_err']=T.get(name+'_err',0)+1; T[name+'_msg']=str(e)[:60]
            F=np.maximum(np.nan_to_num(F),0); T[name]=T.get(name,0)+time.perf_counter()-t
            res.setdefault(name,[]).append((np.abs(F-fut).sum(0),(F-fut).sum(),fut.sum(0),(P[:,None]*np.abs(F-fut)).sum(),(P[:,None]*fut).sum(), np.sqrt(((F-fut)**2).mean(1))/sc))
    print(f'== {n} {level} series {len(Y)} origins {origins}')
    for k,v in sorted(res.items(),key=lambda kv:sum(x[0].sum() for x in kv[1])/sum(x[2].sum() for x in kv[1])):
        w=sum(x[0].sum() for x in v)/sum(x[2].sum() for x in v); w4=sum(x[0][:4].sum() for x in v)/sum(x[2][:4].sum() for x in v)
        print(f'{k:11s} wape {w:.4f} 1-4w {w4:.4f} money {sum(x[3] for x in v)/sum(x[4] for x in v):.4f} bias {sum(x[1] for x in v)/sum(x[2].sum() for x in v):+.3f} rmsse {np.mean([x[5].mean() for x in v]):.3f}  ms/series {1000*T[k]/len(Y)/len(origins):.2f} err {T.get(k+"_err","")} {T.get(k+"_msg","")}',flush=True)
if __name__=='__main__':
    W=[72,80,88,96]; C=[32,36,40,44]
    run('world','category',W); run('complete_journey','category',C)
    run('world','product',W,sf=['ETS','DOT','SESopt','SBA','ADIDA','IMAPA','CES'])
    run('complete_journey','product',C,(1,1500),sf=['ETS','DOT','SESopt','SBA','ADIDA','IMAPA'])
