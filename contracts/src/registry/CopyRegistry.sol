// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICollateral } from "../interfaces/ICollateral.sol";
import { Copy, ICopyRegistry, OrderRequest, Permit, Served, State } from "../interfaces/ICopyRegistry.sol";
import { IMinterRegistry } from "../interfaces/IMinterRegistry.sol";
import { IModelRegistry, Terms } from "../interfaces/IModelRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { IUsageLedger } from "../interfaces/IUsageLedger.sol";
import { BPS, BURNED, CopyId, ModelId } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `ICopyRegistry`.
contract CopyRegistry is ICopyRegistry {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev `Copy` packed into seven words. An order writes five of them; a delivery changes one and writes two. One
    /// deadline suffices, because each state has at most one.
    struct PackedCopy {
        address minter;
        State state;
        uint40 deadline;
        uint16 acceptMinutes;
        uint32 mintFee;
        address buyer;
        uint32 version;
        uint48 modelId;
        uint16 openDisputes;
        uint64 price;
        uint96 collateral;
        uint64 fee;
        uint32 lastEpoch;
        bytes32 termsHash;
        bytes32 buyerSeedHash;
        bytes32 artifactRoot;
        bytes32 fingerprintRoot;
    }

    IERC20 private immutable USD;
    IModelRegistry private immutable REGISTRY;
    ITreasury private immutable TREASURY;
    IProtocol private immutable PROTOCOL;
    IMinterRegistry private immutable MINTERS;
    IUsageLedger private immutable LEDGER;
    address private immutable DEPLOYER;

    /// @inheritdoc ICopyRegistry
    uint256 public totalCopies;
    /// @inheritdoc ICopyRegistry
    mapping(address account => bool) public isCourt;
    /// @inheritdoc ICopyRegistry
    mapping(bytes32 offence => bool) public punished;

    mapping(CopyId id => PackedCopy) private _copies;
    bool private _courtsSet;

    constructor(
        IERC20 usd,
        IModelRegistry registry,
        ITreasury treasury,
        IProtocol protocol,
        IMinterRegistry minters,
        IUsageLedger ledger,
        address deployer
    ) {
        USD = usd;
        REGISTRY = registry;
        TREASURY = treasury;
        PROTOCOL = protocol;
        MINTERS = minters;
        LEDGER = ledger;
        DEPLOYER = deployer;

        usd.forceApprove(address(treasury), type(uint256).max);
        usd.forceApprove(address(ledger), type(uint256).max);
    }

    modifier onlyCourt() {
        require(isCourt[msg.sender], NotCourt(msg.sender));
        _;
    }

    /* ORDERS */

    /// @inheritdoc ICopyRegistry
    function order(OrderRequest calldata request) external returns (CopyId id) {
        return _order(request);
    }

    /// @inheritdoc ICopyRegistry
    function orderWithPermit(OrderRequest calldata request, Permit calldata permit) external returns (CopyId id) {
        try IERC20Permit(address(USD))
            .permit(msg.sender, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s) { }
            catch { }

        return _order(request);
    }

    /// @inheritdoc ICopyRegistry
    function deliver(CopyId id, bytes32 artifactRoot, bytes32 fingerprintRoot) external {
        PackedCopy storage copy = _inState(id, State.Ordered);
        uint64 time = PROTOCOL.time();
        require(msg.sender == copy.minter, NotMinter(msg.sender, copy.minter));
        require(time <= copy.deadline, TooLate(time, copy.deadline));
        require(artifactRoot != 0 && fingerprintRoot != 0, RootMissing());

        uint64 acceptDeadline = time + uint64(copy.acceptMinutes) * 1 minutes;

        // seconds, until the year 36812
        // forge-lint: disable-next-line(unsafe-typecast)
        (copy.state, copy.deadline) = (State.Delivered, uint40(acceptDeadline));
        (copy.artifactRoot, copy.fingerprintRoot) = (artifactRoot, fingerprintRoot);
        emit Delivered(id, artifactRoot, fingerprintRoot, acceptDeadline);

        MINTERS.release(msg.sender);
    }

    /// @inheritdoc ICopyRegistry
    function accept(CopyId id) external {
        PackedCopy storage copy = _inState(id, State.Delivered);
        require(msg.sender == copy.buyer || PROTOCOL.time() > copy.deadline, NotBuyer(msg.sender, copy.buyer));

        // what was lost before the acceptance is not given back by it
        (copy.state, copy.deadline) = (copy.lastEpoch == 0 ? State.Active : State.Slashed, 0);
        emit Accepted(id);

        TREASURY.pay(_modelOf(copy), copy.price, copy.minter);
        if (copy.mintFee > 0) TREASURY.payAccount(copy.minter, copy.mintFee);
    }

    /// @inheritdoc ICopyRegistry
    function refund(CopyId id) external {
        PackedCopy storage copy = _inState(id, State.Ordered);
        uint64 time = PROTOCOL.time();
        require(time > copy.deadline, TooEarly(time, copy.deadline + 1));

        (copy.state, copy.deadline) = (State.Refunded, 0);
        emit Refunded(id);

        USD.safeTransfer(copy.buyer, uint256(copy.price) + copy.mintFee + copy.collateral);
        MINTERS.penalize(copy.minter, copy.buyer);
    }

    /* COLLATERAL */

    /// @inheritdoc ICopyRegistry
    function close(CopyId id) external {
        PackedCopy storage copy = _inState(id, State.Active);
        require(msg.sender == copy.buyer, NotBuyer(msg.sender, copy.buyer));

        uint64 thawEndsAt = PROTOCOL.thawEnd();

        // seconds, until the year 36812, and an epoch
        // forge-lint: disable-next-line(unsafe-typecast)
        (copy.deadline, copy.lastEpoch) = (uint40(thawEndsAt), uint32(PROTOCOL.epoch()));
        copy.state = State.Closing;
        emit Closing(id, thawEndsAt);
    }

    /// @inheritdoc ICopyRegistry
    function withdraw(CopyId id) external {
        PackedCopy storage copy = _inState(id, State.Closing);
        uint64 time = PROTOCOL.time();
        require(time >= copy.deadline, TooEarly(time, copy.deadline));
        require(copy.openDisputes == 0, DisputeOpen(id, copy.openDisputes));

        uint256 collateral = copy.collateral;
        uint256 fees = Math.min(LEDGER.owed(id), collateral);

        (copy.state, copy.deadline, copy.collateral) = (State.Closed, 0, 0);
        if (fees > 0) emit FeesCovered(id, fees, 0);
        emit Closed(id);

        if (fees > 0) LEDGER.deposit(id, fees.toUint64());
        USD.safeTransfer(copy.buyer, collateral - fees);
    }

    /// @inheritdoc ICopyRegistry
    function addCollateral(CopyId id, uint96 amount) external {
        PackedCopy storage copy = _copies[id];
        require(copy.state == State.Active || copy.state == State.Closing, WrongState(id, copy.state, State.Active));

        copy.collateral += amount;
        emit CollateralAdded(id, msg.sender, amount, copy.collateral);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ICopyRegistry
    function coverFees(CopyId id) external returns (uint256 amount) {
        PackedCopy storage copy = _copies[id];
        amount = Math.min(LEDGER.overdue(id), copy.collateral);
        require(amount > 0, NothingOverdue(id));

        uint96 left = _take(copy, amount);
        emit FeesCovered(id, amount, left);

        LEDGER.deposit(id, amount.toUint64());
    }

    /* COURTS */

    /// @inheritdoc ICollateral
    function openDispute(CopyId id) external onlyCourt {
        PackedCopy storage copy = _deliveredCopy(id);
        require(copy.state != State.Slashed, NothingAtStake(id, copy.state));

        emit DisputeOpened(id, msg.sender, ++copy.openDisputes);
    }

    /// @inheritdoc ICollateral
    function closeDispute(CopyId id) external onlyCourt {
        PackedCopy storage copy = _copies[id];
        require(copy.openDisputes > 0, NoDisputeOpen(id));

        emit DisputeClosed(id, msg.sender, --copy.openDisputes);
    }

    /// @inheritdoc ICollateral
    function slash(CopyId id, uint256 claimed, address reporter, bytes32 offence)
        external
        onlyCourt
        returns (uint256 taken)
    {
        PackedCopy storage copy = _deliveredCopy(id);
        require(!punished[offence], OffencePunished(offence));

        taken = claimed < copy.collateral ? claimed : copy.collateral;
        uint256 reward = taken * PROTOCOL.slashRewardBps() / BPS;
        uint256 burned = taken * PROTOCOL.slashBurnBps() / BPS;

        punished[offence] = true;
        uint96 left = _take(copy, taken);
        emit Slashed(id, reporter, offence, taken, reward, burned, left);

        if (taken == 0) return 0;
        TREASURY.payAccount(reporter, reward);
        TREASURY.payAccount(BURNED, burned);
        TREASURY.pay(_modelOf(copy), taken - reward - burned, copy.minter);
    }

    /// @inheritdoc ICopyRegistry
    function setCourts(address[] calldata courts) external {
        require(msg.sender == DEPLOYER, NotDeployer(msg.sender, DEPLOYER));
        require(!_courtsSet, CourtsAlreadySet());

        _courtsSet = true;
        for (uint256 i; i < courts.length; ++i) {
            isCourt[courts[i]] = true;
        }
        emit CourtsSet(courts);
    }

    /* VIEWS */

    /// @inheritdoc ICopyRegistry
    function copies(CopyId id) external view returns (Copy memory copy) {
        PackedCopy storage packed = _copies[id];
        copy.modelId = _modelOf(packed);
        copy.version = packed.version;
        copy.state = packed.state;
        copy.buyer = packed.buyer;
        copy.minter = packed.minter;
        copy.deadline = packed.deadline;
        copy.acceptWindow = uint64(packed.acceptMinutes) * 1 minutes;
        copy.price = packed.price;
        copy.collateral = packed.collateral;
        copy.fee = packed.fee;
        copy.mintFee = packed.mintFee;
        copy.openDisputes = packed.openDisputes;
        copy.lastEpoch = packed.lastEpoch;
        copy.termsHash = packed.termsHash;
        copy.buyerSeedHash = packed.buyerSeedHash;
        copy.artifactRoot = packed.artifactRoot;
        copy.fingerprintRoot = packed.fingerprintRoot;
    }

    /// @inheritdoc ICopyRegistry
    function isActiveHolder(CopyId id, ModelId modelId, address account) external view returns (bool) {
        PackedCopy storage copy = _copies[id];
        return copy.state == State.Active && _modelOf(copy) == modelId && copy.buyer == account;
    }

    /// @inheritdoc ICopyRegistry
    function isActive(CopyId id) external view returns (bool) {
        return _copies[id].state == State.Active;
    }

    /// @inheritdoc ICopyRegistry
    function hostOf(CopyId id) external view returns (address) {
        return _copies[id].buyer;
    }

    /// @inheritdoc ICopyRegistry
    function lastEpoch(CopyId id) external view returns (uint64) {
        return _lastEpoch(_copies[id]);
    }

    /// @inheritdoc ICopyRegistry
    function served(CopyId id) external view returns (Served memory) {
        PackedCopy storage copy = _copies[id];
        return Served({
            modelId: _modelOf(copy),
            host: copy.buyer,
            minter: copy.minter,
            collateral: copy.collateral,
            fee: copy.fee,
            lastEpoch: _lastEpoch(copy)
        });
    }

    /* INTERNAL */

    function _order(OrderRequest calldata request) private returns (CopyId id) {
        PROTOCOL.requireOpen();
        ModelId modelId = request.modelId;
        (Terms memory terms, uint32 versionCount, bool retired) = REGISTRY.offer(modelId);
        bytes32 termsHash = keccak256(abi.encode(terms));
        require(!retired, ModelRetired(modelId));
        require(
            request.version > 0 && request.version <= versionCount,
            VersionUnknown(modelId, request.version, versionCount)
        );
        require(termsHash == request.termsHash, TermsChanged(termsHash, request.termsHash));
        require(request.buyerSeedHash != 0, BuyerSeedMissing());
        (uint32 mintFee, uint32 window) = MINTERS.take(request.minter);
        uint256 cost = uint256(terms.price) + mintFee;
        require(cost <= request.maxPrice, PriceAboveMax(cost, request.maxPrice));

        id = CopyId.wrap(++totalCopies);
        PackedCopy storage copy = _copies[id];
        (copy.minter, copy.state, copy.mintFee) = (request.minter, State.Ordered, mintFee);
        copy.deadline = uint40(PROTOCOL.time() + window);
        copy.acceptMinutes = uint16(PROTOCOL.acceptWindow() / 1 minutes);
        (copy.buyer, copy.version, copy.modelId) = (msg.sender, request.version, ModelId.unwrap(modelId).toUint48());
        (copy.price, copy.collateral, copy.fee) = (terms.price, terms.collateral, terms.fee);
        (copy.termsHash, copy.buyerSeedHash) = (termsHash, request.buyerSeedHash);
        _emitOrdered(id, copy);

        USD.safeTransferFrom(msg.sender, address(this), cost + terms.collateral);
    }

    function _emitOrdered(CopyId id, PackedCopy storage copy) private {
        emit Ordered(
            id,
            _modelOf(copy),
            msg.sender,
            copy.version,
            copy.minter,
            copy.price,
            copy.collateral,
            copy.mintFee,
            copy.termsHash,
            copy.buyerSeedHash,
            copy.deadline
        );
    }

    function _inState(CopyId id, State needed) private view returns (PackedCopy storage copy) {
        copy = _copies[id];
        require(copy.state == needed, WrongState(id, copy.state, needed));
    }

    /// @dev Reverts unless the copy was delivered and its collateral has not been returned.
    function _deliveredCopy(CopyId id) private view returns (PackedCopy storage copy) {
        copy = _copies[id];
        State state = copy.state;
        require(
            state == State.Delivered || state == State.Active || state == State.Closing || state == State.Slashed,
            NothingAtStake(id, state)
        );
    }

    /// @dev Takes an amount that the collateral covers. A copy that loses all of it ends, unless it had ended before.
    function _take(PackedCopy storage copy, uint256 amount) private returns (uint96 left) {
        // at most the collateral, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        left = copy.collateral - uint96(amount);
        copy.collateral = left;
        if (left > 0) return left;
        // an epoch
        // forge-lint: disable-next-line(unsafe-typecast)
        if (copy.lastEpoch == 0) copy.lastEpoch = uint32(PROTOCOL.epoch());
        if (copy.state != State.Delivered) (copy.state, copy.deadline) = (State.Slashed, 0);
    }

    function _lastEpoch(PackedCopy storage copy) private view returns (uint64) {
        uint64 last = copy.lastEpoch;
        return last == 0 ? type(uint64).max : last;
    }

    function _modelOf(PackedCopy storage copy) private view returns (ModelId) {
        return ModelId.wrap(copy.modelId);
    }
}
