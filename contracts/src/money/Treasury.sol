// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelRegistry } from "../interfaces/IModelRegistry.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { BPS, ModelId, SHARE_SUPPLY } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Multicall } from "@openzeppelin/contracts/utils/Multicall.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `ITreasury`.
/// @dev One number per model determines the whole split: `received`, the total after cuts. Both kinds of claims are
/// linear in it, because parents and supply never change:
///   an edge has accrued        received × royaltyBps                       in units of 1 / BPS,
///   a share has earned         received × (BPS − royaltyBpsTotal)          in units of 1 / (BPS × SHARE_SUPPLY).
/// Neither divides, so the two parts of each received unit add up exactly. A payment calls only the token and the
/// protocol's own contracts.
contract Treasury is ITreasury, Multicall {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_CUTS_BPS = 2000;

    /// @dev Number of parts of one token unit in `Holding.owed`.
    uint256 internal constant PARTS = BPS * SHARE_SUPPLY;

    /// @dev Fits one word: a model receives less than 2^80 units, and PARTS is less than 2^94.
    /// @param settledAt Value of the model's `received` up to which `owed` counts.
    /// @param owed Amount owed, in parts of a unit; BPS × SHARE_SUPPLY parts make one unit.
    struct Holding {
        uint80 settledAt;
        uint176 owed;
    }

    /// @dev Credits of the protocol's account and of the prover pool, in one word.
    struct Pool {
        uint128 protocol;
        uint128 provers;
    }

    IERC20 private immutable USD;
    IModelRegistry private immutable REGISTRY;
    uint16 private immutable PROTOCOL_BPS;
    uint16 private immutable PROVER_BPS;
    uint16 private immutable MINTER_BPS;

    /// @inheritdoc ITreasury
    address public immutable protocolAccount;
    /// @inheritdoc ITreasury
    address public immutable proverPool;

    mapping(address account => uint256) private _credit;
    Pool private _pool;
    mapping(ModelId id => uint80) private _received;
    mapping(ModelId child => mapping(ModelId parent => uint256)) private _flowed;
    mapping(ModelId id => mapping(address account => Holding)) private _holdings;

    constructor(
        IERC20 usd,
        IModelRegistry registry,
        uint16 protocolBps,
        uint16 proverBps,
        uint16 minterBps,
        address protocolAccount_,
        address proverPool_
    ) {
        uint256 total = uint256(protocolBps) + proverBps + minterBps;
        require(total <= MAX_CUTS_BPS, CutsAboveCap(total, MAX_CUTS_BPS));
        require(_canBeCredited(protocolAccount_), AccountInvalid(protocolAccount_));
        require(_canBeCredited(proverPool_), AccountInvalid(proverPool_));

        USD = usd;
        REGISTRY = registry;
        PROTOCOL_BPS = protocolBps;
        PROVER_BPS = proverBps;
        MINTER_BPS = minterBps;
        protocolAccount = protocolAccount_;
        proverPool = proverPool_;
    }

    /* WRITES */

    /// @inheritdoc ITreasury
    function pay(ModelId id, uint256 amount, address minter) external {
        // A model that has received money exists, so most payments skip the call.
        require(_received[id] > 0 || REGISTRY.exists(id), ModelUnknown(id));
        require(_canBeCredited(minter), MinterInvalid(minter));

        uint256 protocolCut = amount * PROTOCOL_BPS / BPS;
        uint256 proverCut = amount * PROVER_BPS / BPS;
        uint256 minterCut = amount * MINTER_BPS / BPS;

        Pool memory pool = _pool;
        _pool = Pool(pool.protocol + protocolCut.toUint128(), pool.provers + proverCut.toUint128());
        _credit[minter] += minterCut;
        _received[id] += (amount - protocolCut - proverCut - minterCut).toUint80();
        emit Paid(id, msg.sender, amount, protocolCut, proverCut, minterCut, minter);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ITreasury
    function payAccount(address account, uint256 amount) external {
        require(_canBeCredited(account), AccountInvalid(account));

        _credit[account] += amount;
        emit Credited(account, msg.sender, amount);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ITreasury
    function flow(ModelId child, ModelId parent) external returns (uint256 amount) {
        amount = edgeAccrued(child, parent);
        if (amount == 0) return 0;

        _flowed[child][parent] += amount;
        _received[parent] += amount.toUint80();
        emit Flowed(child, parent, amount);
    }

    /// @inheritdoc ITreasury
    function claim(ModelId id, address account) external returns (uint256 amount) {
        uint256 owed = _owed(id, account);
        amount = owed / PARTS;
        if (amount == 0) return 0;

        _hold(id, account, owed - amount * PARTS);
        emit Claimed(id, account, amount);

        USD.safeTransfer(account, amount);
    }

    /// @inheritdoc ITreasury
    function claimCredit(address account) external returns (uint256 amount) {
        amount = credit(account);
        if (amount == 0) return 0;

        _credit[account] = 0;
        if (account == protocolAccount) _pool.protocol = 0;
        if (account == proverPool) _pool.provers = 0;
        emit CreditClaimed(account, amount);

        USD.safeTransfer(account, amount);
    }

    /// @inheritdoc ITreasury
    function settle(ModelId id, address from, address to) external {
        (address shares, uint16 royaltyBps) = REGISTRY.payout(id);
        require(msg.sender == shares, NotShares(msg.sender, shares));

        _hold(id, from, _owed(id, shares, royaltyBps, from));
        _hold(id, to, _owed(id, shares, royaltyBps, to));
    }

    /* VIEWS */

    /// @inheritdoc ITreasury
    function claimable(ModelId id, address account) external view returns (uint256) {
        return _owed(id, account) / PARTS;
    }

    /// @inheritdoc ITreasury
    function credit(address account) public view returns (uint256 amount) {
        amount = _credit[account];
        if (account == protocolAccount) amount += _pool.protocol;
        if (account == proverPool) amount += _pool.provers;
    }

    /// @inheritdoc ITreasury
    function edgeAccrued(ModelId child, ModelId parent) public view returns (uint256) {
        return _received[child] * uint256(REGISTRY.edgeRoyaltyBps(child, parent)) / BPS - _flowed[child][parent];
    }

    /// @inheritdoc ITreasury
    function received(ModelId id) external view returns (uint256) {
        return _received[id];
    }

    /// @inheritdoc ITreasury
    function cuts() external view returns (uint16 protocolBps, uint16 proverBps, uint16 minterBps) {
        return (PROTOCOL_BPS, PROVER_BPS, MINTER_BPS);
    }

    /* INTERNAL */

    function _hold(ModelId id, address account, uint256 owed) private {
        _holdings[id][account] = Holding({ settledAt: _received[id], owed: owed.toUint176() });
    }

    function _owed(ModelId id, address account) internal view returns (uint256) {
        (address shares, uint16 royaltyBps) = REGISTRY.payout(id);
        return _owed(id, shares, royaltyBps, account);
    }

    /// @dev Cannot overflow: received < 2^80, BPS < 2^14, balance < 2^80.
    function _owed(ModelId id, address shares, uint16 royaltyBps, address account) private view returns (uint256) {
        Holding storage holding = _holdings[id][account];
        uint256 since = _received[id] - holding.settledAt;
        if (since == 0) return holding.owed;
        return holding.owed + since * (BPS - royaltyBps) * IERC20(shares).balanceOf(account);
    }

    /// @dev A credit to zero could not be claimed. A credit to the treasury could not leave it.
    function _canBeCredited(address account) private view returns (bool) {
        return account != address(0) && account != address(this);
    }
}
